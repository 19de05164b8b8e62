// SPDX-License-Identifier: GPL-3.0-or-later

package demo

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"thalamus/internal/shell"
)

// greeting is what the demo says. A shell in any directory takes its commands as they are.
const greeting = `
A demo federation is at BASE. Open its portal in a browser, which will
warn of a certificate that nobody vouches for, and sign in as one of these:

    BASE/portal/

    ESPGNU777ORG  gnusolidario   Ana Betz: her book, her measurements, who has read them
    ITAPYT999HON  gnusolidario   Cameron Cordara, health professional
    ARGBUE111FAV  freedom        the administrator: accounts, who is there twice, who read what

Or try, in another terminal: Ana and her book, somebody by a misspelt name, who is there
twice, a page that was corrected, and what has changed since

    CURL -u ITAPYT999HON:gnusolidario BASE/people/ESPGNU777ORG
    CURL -u ESPGNU777ORG:gnusolidario 'BASE/pols/ESPGNU777ORG?order=desc&limit=3'
    CURL -u ITAPYT999HON:gnusolidario 'BASE/people?q=graica+maria&dob=1985..1995'
    CURL -u ITAPYT999HON:gnusolidario BASE/people/ESPGRA118SAN/matches
    CURL -u ESPGNU777ORG:gnusolidario BASE/pols/ESPGNU777ORG/7d1c5f0e-3a42-4b7e-9c61-2f8e0b6a9d13/history
    CURL -u ESPGNU777ORG:gnusolidario 'BASE/changes?limit=3'

What else a program may ask is in the manual: BASE/docs/api-guide

and, as whoever looks after the hub: which accounts there are, who has read Ana's records,
who is there twice, and what was deleted and can be put back

    THALAMUS account list --config CONFIG
    THALAMUS seen ESPGNU777ORG --config CONFIG
    THALAMUS duplicates --config CONFIG
    THALAMUS deleted --config CONFIG

The certificate, for --cacert of curl, --verify of httpie and --ca of thalamus follow,
is CERT.

The data is kept in DIR. Stop with Ctrl-C; to start over then:

    THALAMUS demo --data DIR --fresh

`

// Greet says what there is to be tried.
func (d Dir) Greet(out io.Writer, port uint) {
	fmt.Fprint(out, strings.NewReplacer(
		"BASE", fmt.Sprintf("https://localhost:%d", port),
		"CURL", "curl --cacert "+shell.QuoteVisible(d.file(certFile)),
		"THALAMUS", shell.QuoteVisible(ownName()),
		"CONFIG", shell.QuoteVisible(d.ConfigFile()),
		"CERT", d.file(certFile),
		"--data DIR", "--data "+shell.QuoteVisible(d.path),
		"DIR", d.path,
	).Replace(greeting))
}

// ownName is how a shell calls this program.
func ownName() string {
	path, err := os.Executable()
	if err != nil {
		return "thalamus"
	}

	found, err := exec.LookPath("thalamus")
	if err != nil {
		return path
	}
	if found, err = filepath.EvalSymlinks(found); err == nil && found == path {
		return "thalamus"
	}
	return path
}
