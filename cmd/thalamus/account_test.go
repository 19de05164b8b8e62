// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"strings"
	"testing"
)

func TestTheFirstAdministratorIsAddedAndCanLogIn(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	status, out := here(t, "correct horse\n", s.environ, "account", "add", "espadm001xyz", "--role", "root", "--role", "end_user")
	if status != 0 || !strings.Contains(out, "created ESPADM001XYZ") {
		t.Fatalf("status %d: %s", status, out)
	}
	p := start(t, s.environ, "serve")
	code, body := ask(t, "GET", "http://"+p.address+"/people/ESPADM001XYZ", "ESPADM001XYZ", "correct horse", "")
	if code != 200 || !strings.Contains(body, `"roles": ["root", "end_user"]`) {
		t.Errorf("%d %s", code, body)
	}
}

func TestAccountAddRefusesInOneLine(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	for _, c := range []struct {
		want   string
		status int
		stdin  string
		args   string
	}{
		{"exists already", 1, "correct horse\n", "ITAPYT999HON --role root"},
		{"has no role \"librarian\"", 1, "correct horse\n", "NEW --role librarian"},
		{"at least 8 characters", 1, "short\n", "NEW --role root"},
		{"most common", 1, "password123\n", "NEW --role root"},
		{"account's id", 1, "newperson1\n", "NEWPERSON1 --role root"},
		{"no password on standard input", 1, "", "NEW --role root"},
		{"without slashes", 1, "correct horse\n", "A/B --role root"},
		{"write: thalamus account add ID --role ROLE", 2, "correct horse\n", "NEW"},
	} {
		args := append([]string{"account", "add"}, strings.Fields(c.args)...)
		status, out := here(t, c.stdin, s.environ, args...)
		if status != c.status || !strings.Contains(out, c.want) || strings.Count(out, "\n") != 1 {
			t.Errorf("%s: status %d: %s", c.args, status, out)
		}
	}
}
