// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/testdir"
)

// demoHome is a directory that PostgreSQL's user may enter.
func demoHome(t *testing.T) string {
	t.Helper()
	return filepath.Join(testdir.New(t), "demo")
}

func startDemo(t *testing.T, dir string, args ...string) (base string, stop func()) {
	t.Helper()
	_, port, _ := net.SplitHostPort(freeAddress(t))
	p := start(t, nil, append([]string{"demo", "--data", dir, "--port", port}, args...)...)
	if p.address == "" {
		t.Fatalf("the demo did not start: %s", p.logged())
	}
	return "https://localhost:" + port, func() {
		p.signal(syscall.SIGTERM)
		if status := p.wait(); status != 0 {
			t.Errorf("the demo ended with status %d: %s", status, p.logged())
		}
	}
}

func TestTheDemoShowsItsFederationAndKeepsWhatIsChanged(t *testing.T) {
	t.Parallel()
	dir := demoHome(t)
	base, stop := startDemo(t, dir)
	if _, body := ask(t, "GET", base+anaURL, "ARGBUE111FAV", "freedom", ""); !strings.Contains(body, `"lastname": "Betz"`) {
		t.Errorf("Ana: %s", body)
	}
	if _, body := ask(t, "GET", base+"/people", "ARGBUE111FAV", "freedom", ""); strings.Count(body, `"lastname"`) < 10 {
		t.Errorf("everybody: %s", body)
	}
	if _, body := ask(t, "GET", base+"/pols/ESPGNU777ORG", "ESPGNU777ORG", "gnusolidario", ""); strings.Count(body, `"page_date"`) < 100 {
		t.Errorf("Ana's book is short: %.300s", body)
	}
	awaitReaders(t, base)
	ask(t, "PATCH", base+anaURL, "ESPGNU777ORG", "gnusolidario", `{"profession":"nurse"}`)
	stop()
	base, stop = startDemo(t, dir)
	if _, body := ask(t, "GET", base+anaURL, "ESPGNU777ORG", "gnusolidario", ""); !strings.Contains(body, "nurse") {
		t.Errorf("the change is lost: %s", body)
	}
	stop()
	base, stop = startDemo(t, dir, "--fresh")
	if _, body := ask(t, "GET", base+anaURL, "ESPGNU777ORG", "gnusolidario", ""); !strings.Contains(body, "teacher") {
		t.Errorf("--fresh did not start over: %s", body)
	}
	stop()
}

// awaitReaders waits until Ana is told who read her book in May, each once.
func awaitReaders(t *testing.T, base string) {
	t.Helper()
	var told string
	testdb.Await(t, "the readers of Ana's book", func() bool {
		_, told = ask(t, "GET", base+anaURL+"/access?from=2026-05&to=2026-05", "ESPGNU777ORG", "gnusolidario", "")
		return strings.Count(told, `"ITAPYT999HON"`) == 9
	})
	for _, want := range []string{`"ARGBUE111FAV"`, `"ARGGRA204FUN"`, "403"} {
		if !strings.Contains(told, want) {
			t.Errorf("Ana is not told of %s: %s", want, told)
		}
	}
}

func TestTheDemoDeletesOnlyWhatItMade(t *testing.T) {
	t.Parallel()
	dir := demoHome(t)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	keep := filepath.Join(dir, "thesis.txt")
	if err := os.WriteFile(keep, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"demo", "--data", dir}, {"demo", "--data", dir, "--fresh"}} {
		if status, out := here(t, "", nil, args...); status != 1 || !strings.Contains(out, "was not made by thalamus demo") {
			t.Errorf("%v: status %d: %s", args, status, out)
		}
	}
	if _, err := os.Stat(keep); err != nil {
		t.Error(err)
	}
}

func TestTwoDemosDoNotShareADirectory(t *testing.T) {
	t.Parallel()
	dir := demoHome(t)
	_, stop := startDemo(t, dir)
	defer stop()
	for _, args := range [][]string{{"--port", "0"}, {"--port", "0", "--fresh"}} {
		status, out := here(t, "", nil, append([]string{"demo", "--data", dir}, args...)...)
		if status != 1 || !strings.Contains(out, "in use") || !strings.Contains(out, "stop the demo that runs there first") {
			t.Errorf("%v: status %d: %s", args, status, out)
		}
	}
}
