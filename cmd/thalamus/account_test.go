// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"strings"
	"testing"

	"thalamus/internal/testdb"
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
		{"exists already", 1, "correct horse\n", "lowerid001"},
		{"write: thalamus account add ID", 2, "correct horse\n", ""},
		{"write: thalamus account add ID", 2, "correct horse\n", "NEW OTHER"},
		{"write: thalamus account add ID", 2, "correct horse\n", "NEW --from list.csv"},
		{"columns of it", 2, "correct horse\n", "--from list.csv --name New"},
		{"--only needs a --role", 2, "correct horse\n", "NEW --only"},
	} {
		t.Run(c.want, func(t *testing.T) {
			args := append([]string{"account", "add"}, strings.Fields(c.args)...)
			status, out := here(t, c.stdin, s.environ, args...)
			if status != c.status || !strings.Contains(out, c.want) || strings.Count(out, "\n") != 1 {
				t.Errorf("%s: status %d: %s", c.args, status, out)
			}
		})
	}
}

func TestANewPasswordCountsInEveryServerAndNothingElseIsChanged(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	a, b := "http://"+start(t, s.environ, "serve").address, "http://"+start(t, s.environ, "serve").address
	for _, base := range []string{a, b, a, b} { // the second time from memory
		if code, _ := ask(t, "GET", base+"/login", other, otherPwd, ""); code != 200 {
			t.Fatalf("login %d", code)
		}
	}
	rest := func() string {
		return testdb.Text(t, s.url, `SELECT md5(string_agg((data - CASE id WHEN $1 THEN 'password' ELSE '' END)::text, ' ' ORDER BY id)) FROM people`, other)
	}
	before := rest()
	status, out := here(t, "correct horse\n", s.environ, "account", "password", strings.ToLower(other))
	if status != 0 || out != "changed the password of "+other+"\n" {
		t.Fatalf("status %d: %s", status, out)
	}
	for _, base := range []string{a, b} {
		testdb.Await(t, "401 for the old password", func() bool { // told when it is committed, and heard a moment later
			code, _ := ask(t, "GET", base+"/login", other, otherPwd, "")
			return code == 401
		})
		if code, _ := ask(t, "GET", base+"/login", other, "correct horse", ""); code != 200 {
			t.Errorf("the new password gets %d", code)
		}
	}
	if after := rest(); after != before {
		t.Error("more than her password was changed")
	}
	if hash := testdb.Text(t, s.url, `SELECT left(data ->> 'password', 7) FROM people WHERE id = $1`, other); hash != "$2a$10$" {
		t.Errorf("the hash is %s...", hash)
	}
}

func TestAnIDIsTakenAsItIsWrittenFirst(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	testdb.Exec(t, s.url, `INSERT INTO people VALUES ('fraoth001eus', '{"id": "fraoth001eus", "password": "x"}')`)
	status, out := here(t, "correct horse\n", s.environ, "account", "password", "fraoth001eus")
	if status != 0 || out != "changed the password of fraoth001eus\n" {
		t.Errorf("status %d: %s", status, out)
	}
	testdb.Exec(t, s.url, `INSERT INTO people VALUES ('aaa111', '{"id": "aaa111"}')`)
	status, out = here(t, "correct horse\n", s.environ, "account", "add", "aaa111", "--role", "end_user")
	if status != 1 || out != "thalamus: aaa111 exists already; nothing was changed\n" {
		t.Errorf("status %d: %s", status, out)
	}
}

func TestAccountPasswordRefusesInOneLineAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	people := func() string {
		return testdb.Text(t, s.url, `SELECT md5(string_agg(id || ' ' || COALESCE(data::text, ''), ' ' ORDER BY id)) FROM people`)
	}
	before := people()
	for _, c := range []struct {
		want   string
		status int
		stdin  string
		args   string
	}{
		{"there is no account NOBODY999", 1, "correct horse\n", "NOBODY999"},
		{"at least 8 characters", 1, "short\n", other},
		{"most common", 1, "password123\n", other},
		{"account's id", 1, "fraoth001eus\n", other},
		{"at most 64 characters", 1, strings.Repeat("x", 65) + "\n", other},
		{"no password on standard input", 1, "", other},
		{"there is no account A/B", 1, "correct horse\n", "A/B"},
		{"-role", 2, "correct horse\n", other + " --role root"},
		{"takes 1 arguments", 2, "correct horse\n", ""},
	} {
		t.Run(c.want, func(t *testing.T) {
			args := append([]string{"account", "password"}, strings.Fields(c.args)...)
			status, out := here(t, c.stdin, s.environ, args...)
			if status != c.status || !strings.Contains(out, c.want) || strings.Count(out, "\n") != 1 {
				t.Errorf("%s: status %d: %s", c.args, status, out)
			}
		})
	}
	if after := people(); after != before {
		t.Error("something was changed")
	}
}
