// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

func TestAnErasureIsConfirmedAndCountsWhatItRemoves(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	rows := func() string {
		return testdb.Text(t, s.url, `SELECT concat((SELECT count(*) FROM people), ' ', (SELECT count(*) FROM thalamus_changes))`)
	}
	before := rows()
	for _, c := range []struct {
		args   string
		status int
		want   string
	}{
		{ana, 2, "without one write --yes"}, {"", 2, "takes 1 arguments"}, {"nobody999 --yes", 1, "there is no person nobody999 and never was"},
		{birth + " --yes", 1, "never was"},
	} {
		t.Run(c.args, func(t *testing.T) {
			status, out := here(t, ana+"\n", s.environ, append([]string{"erase"}, strings.Fields(c.args)...)...)
			if status != c.status || !strings.Contains(out, c.want) || rows() != before {
				t.Errorf("%s: status %d: %s", c.args, status, out)
			}
		})
	}
	for _, want := range []string{
		"erased " + ana + ": persons: 1, pages: 3, documents: 1, changes in the history: 5\n",
		"erased " + ana + ": persons: 0, pages: 0, documents: 0, changes in the history: 0\n",
	} {
		if status, out := here(t, "", s.environ, "erase", "--yes", strings.ToLower(ana)); status != 0 || out != want {
			t.Errorf("status %d: %s", status, out)
		}
	}
	status, out := here(t, "", s.environ, "restore", "person", ana)
	if status != 1 || !strings.Contains(out, "what it held is no longer kept") {
		t.Errorf("status %d: %s", status, out)
	}
}

func TestAServerNoticesAnErasureAtOnce(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	base := "http://" + start(t, s.environ, "serve").address
	if code, _ := ask(t, "GET", base+"/login", other, otherPwd, ""); code != 200 {
		t.Fatalf("login %d", code)
	}
	if status, out := here(t, "", s.environ, "erase", "--yes", other); status != 0 {
		t.Fatalf("status %d: %s", status, out)
	}
	testdb.Await(t, "401 for the old password", func() bool { // told when it is committed, and heard a moment later
		code, _ := ask(t, "GET", base+"/login", other, otherPwd, "")
		return code == 401
	})
}

func TestWhoMayNotEraseIsToldWhoMay(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	db := testdb.At(t, s.url)
	environ := append(s.environ, "THALAMUS_DATABASE_URL="+db.As("served"))
	db.Exec(`GRANT SELECT, INSERT, UPDATE, DELETE ON people, pols, personal_docs, dus, institutions TO served;
		GRANT SELECT ON thalamus_changes, thalamus_feed, thalamus_migrations TO served`)
	status, out := here(t, "", environ, "erase", "--yes", ana)
	if status != 1 || !strings.Contains(out, "only the owner of the tables may erase") || strings.Count(out, "\n") != 1 {
		t.Errorf("status %d: %s", status, out)
	}
	if got := testdb.Text(t, s.url, `SELECT data ->> 'name' FROM people WHERE id = $1`, ana); got != "Ana" {
		t.Errorf("she is %s now", got)
	}
}

func TestOnlyTheSameIDConfirms(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]bool{"A1\n": true, "A1\r\n": true, "A1": true, "a1\n": false, "\n": false, "": false, "yes\n": false, "A1 \n": false} {
		t.Run(typed, func(t *testing.T) {
			var prompt bytes.Buffer
			err := confirmID("A1", strings.NewReader(typed), &prompt)
			if (err == nil) != want || !strings.Contains(prompt.String(), "removes A1 for ever") {
				t.Errorf("%q: %v, asked %q", typed, err, prompt.String())
			}
		})
	}
}

// chief is an administrator of the fixture, deputy the other one.
const chief, deputy = "ARGBUE111FAV", "MIXEDROLE1"

func TestTheLastAdministratorIsErasedByForceOnly(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	if status, out := here(t, "", s.environ, "erase", "--yes", deputy); status != 0 {
		t.Errorf("status %d: %s", status, out)
	}
	status, out := here(t, "", s.environ, "erase", "--yes", chief)
	if status != 1 || !strings.Contains(out, "last account that can administer") || !strings.Contains(out, "--force") {
		t.Errorf("status %d: %s", status, out)
	}
	if status, out := here(t, "", s.environ, "erase", "--yes", "--force", chief); status != 0 || !strings.Contains(out, "persons: 1") {
		t.Errorf("status %d: %s", status, out)
	}
}
