// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// The fixture's health professional.
const nurse, nursePwd = "ITAPYT999HON", "gnusolidario"

// sightingsOf runs thalamus seen, and gives the rows of its table as "account name method
// endpoint page way status", sorted.
func sightingsOf(t *testing.T, environ []string, stdin string, args ...string) (rows []string) {
	t.Helper()
	status, out := here(t, stdin, environ, append([]string{"seen", "--csv"}, args...)...)
	table, _, _ := strings.Cut(out, "\n"+told(out))
	all, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil || status != 0 || len(all) == 0 || all[0][0] != "time" {
		t.Fatalf("%v: status %d, %v: %s", args, status, err, out)
	}
	for _, row := range all[1:] {
		rows = append(rows, strings.Join([]string{row[1], row[2], row[3], row[4], row[6], row[8], row[9]}, " "))
	}
	slices.Sort(rows)
	return rows
}

// told gives the last line of an output.
func told(out string) string {
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	return lines[len(lines)-1]
}

// pack does what logrotate's compress does.
func pack(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(file + ".gz")
	if err != nil {
		t.Fatal(err)
	}
	w := gzip.NewWriter(out)
	if _, err := w.Write(text); err != nil || w.Close() != nil || out.Close() != nil || os.Remove(file) != nil {
		t.Fatal(err)
	}
}

func TestSeenTellsWhoReadWhoWasRefusedAndWhoseSearchFoundHer(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	p, file := recording(t, s)
	get := func(account, password, path string, want int) {
		t.Helper()
		if code, body := ask(t, "GET", "http://"+p.address+path, account, password, ""); code != want {
			t.Errorf("%s gets %d, want %d: %s", path, code, want, body)
		}
	}
	rotate := func(to string) {
		t.Helper()
		reloads := strings.Count(p.logged(), "reloaded")
		if err := os.Rename(file, to); err != nil {
			t.Fatal(err)
		}
		p.signal(syscall.SIGHUP)
		p.await("reloaded", reloads+1)
	}
	get(nurse, nursePwd, "/people/"+ana, 200)
	get(nurse, nursePwd, "/people/"+other, 200)
	rotate(file + ".2")
	pack(t, file+".2")
	get(nurse, nursePwd, "/pols/espgnu777org/"+birth, 200)
	get(other, otherPwd, "/pols/"+ana, 403)
	get(nurse, nursePwd, "/people?q=betz", 200)
	rotate(file + "-20261101")
	get(nurse, nursePwd, "/people?q=enduser", 200)
	get(nurse, nursePwd, "/people?q=nobody+at+all", 200)
	get(other, otherPwd, "/people?q=betz", 403)
	get(nurse, nursePwd, "/people?limit=9", 200)
	get(nurse, nursePwd, "/people", 200)
	get(nurse, nursePwd, "/people/ESPGNU777OR", 404)

	environ := append(s.environ, "THALAMUS_ACCESS_RECORD="+file)
	want := []string{
		"FRAOTH001EUS Other Enduser GET book  asked 403",
		"ITAPYT999HON Cameron Cordara GET page " + birth + " asked 200",
		"ITAPYT999HON Cameron Cordara GET people  all 200",
		"ITAPYT999HON Cameron Cordara GET people  listed 200",
		"ITAPYT999HON Cameron Cordara GET people  listed 200",
		"ITAPYT999HON Cameron Cordara GET person  asked 200",
	}
	for _, id := range []string{ana, strings.ToLower(ana)} {
		if got := sightingsOf(t, environ, "", id); !slices.Equal(got, want) {
			t.Errorf("%s:\n%s", id, strings.Join(got, "\n"))
		}
	}
	if got := sightingsOf(t, environ, "", ana, "--from", "2999-01-01"); len(got) != 0 {
		t.Errorf("in the future: %v", got)
	}
	checkSeenText(t, environ, file)
}

// checkSeenText looks at the lines for people.
func checkSeenText(t *testing.T, environ []string, file string) {
	t.Helper()
	status, out := here(t, "", environ, "seen", ana)
	for _, want := range []string{"time (UTC)", "FRAOTH001EUS", "Cameron Cordara", "page " + birth, "127.0.0.1", "refused", "people, in a list", "people, of everybody",
		"6 lines about " + ana + "; the record begins at "} {
		if status != 0 || !strings.Contains(out, want) {
			t.Errorf("status %d, without %q:\n%s", status, want, out)
		}
	}
	rest := out
	for _, next := range []string{" person ", " page ", "refused", "people, in a list", "people, in a list", "people, of everybody"} {
		_, after, ok := strings.Cut(rest, next)
		if !ok {
			t.Errorf("%q is not where its time is:\n%s", next, out)
		}
		rest = after
	}
	if got := sightingsOf(t, environ, "", ana, "--file", file+"-20261101"); len(got) != 3 {
		t.Errorf("one file alone: %v", got)
	}
}

func TestSeenReadsTheJournalFromStandardInput(t *testing.T) {
	t.Parallel()
	const line = `{"time":"2026-05-31T08:00:00.000Z","account":"FRAOTH001EUS","roles":[],"method":"GET","endpoint":"person","person":"ESPGNU777ORG","status":403,"request":"r","address":"192.0.2.7"}` + "\n"
	const log = `time=2026-05-31T08:00:00Z level=INFO msg=request route=/people/{person}` + "\n"
	s := migratedSite(t)
	for _, environ := range [][]string{s.environ, nil, {"THALAMUS_DATABASE_URL=postgres://127.0.0.1:1/none", "THALAMUS_SERVER_LISTEN=127.0.0.1:0"}} {
		status, out := here(t, log+line+line[:70]+"\n", environ, "seen", ana, "--file", "-")
		named := strings.Contains(out, "Other Enduser")
		if status != 0 || !strings.Contains(out, "refused") || !strings.Contains(out, "2 lines were skipped") ||
			named == strings.Contains(out, "names are left out: ") || named != (len(environ) == len(s.environ)) {
			t.Errorf("%v: status %d: %s", environ, status, out)
		}
	}
	status, out := here(t, "", s.environ, "seen", ana)
	if status != 1 || !strings.Contains(out, "journalctl -u thalamus -o cat | thalamus seen PERSON --file -") {
		t.Errorf("a record on standard output: status %d: %s", status, out)
	}
}

func TestSeenSaysWhatItCannotTell(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	directory := t.TempDir()
	file := filepath.Join(directory, "access.jsonl")
	environ := append(s.environ, "THALAMUS_ACCESS_RECORD="+file)
	for _, c := range []struct {
		text, args string
		status     int
		want       string
	}{
		{"", "seen", 2, "takes 1 arguments"}, {"", "seen A --from yesterday", 2, "--from takes a day like 2026-05-31, not yesterday"},
		{"", "seen A", 0, "The record is empty."}, {"rubbish", "seen A", 0, "1 lines were skipped"},
		{`{"time":"2026-05-31T08:00:00Z","account":"B","method":"GET","endpoint":"people","status":200}`, "seen A", 0, "1 lists of persons do not say of whom they told"},
		{"\x1f\x8b\x08rest of it", "seen A", 3, "a part of the record is missing above: " + file},
	} {
		t.Run(c.text, func(t *testing.T) {
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if status, out := here(t, "", environ, strings.Fields(c.args)...); status != c.status || !strings.Contains(out, c.want) {
				t.Errorf("%s of %q: status %d: %s", c.args, c.text, status, out)
			}
		})
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if status, out := here(t, "", environ, "seen", "A"); status != 1 || !strings.Contains(out, "is access.record that of the server?") {
		t.Errorf("without a file: status %d: %s", status, out)
	}
}
