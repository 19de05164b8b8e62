// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"testing"

	"thalamus/internal/testdb"
)

// Two servers remember an account; what changes through one of them, or by SQL,
// is noticed by the other without being asked.
func TestTwoServersOnOneDatabaseAgreeOnWhoMayLogIn(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	a, b := "http://"+start(t, s.environ, "serve").address, "http://"+start(t, s.environ, "serve").address
	both := func(password string) {
		t.Helper()
		for _, base := range []string{a, b, a, b} { // the second time from memory
			if code, _ := ask(t, "GET", base+"/login", other, password, ""); code != 200 {
				t.Fatalf("%s: login %d", base, code)
			}
		}
	}
	until := func(base, password string, want int) {
		t.Helper()
		for code := 0; code != want; {
			code, _ = ask(t, "GET", base+"/login", other, password, "")
		}
	}
	both(otherPwd)
	if code, body := ask(t, "PATCH", a+"/people/"+other, other, otherPwd, `{"password":"another one"}`); code != 200 {
		t.Fatalf("PATCH: %d %s", code, body)
	}
	if code, _ := ask(t, "GET", a+"/login", other, otherPwd, ""); code != 401 {
		t.Errorf("where it was changed the old password gets %d", code)
	}
	until(b, otherPwd, 401)
	both("another one")
	testdb.Exec(t, s.url, `UPDATE people SET data = data || '{"roles": []}' WHERE id = $1`, other)
	until(a, "another one", 403)
	until(b, "another one", 403)
	testdb.Exec(t, s.url, `UPDATE people SET data = data || '{"active": false}' WHERE id = $1`, other)
	until(a, "another one", 401)
	until(b, "another one", 401)
}

func TestACheapHashIsUpgradedByALoginAndNothingElseIsTouched(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	base := "http://" + start(t, s.environ, "serve").address
	before := testdb.Text(t, s.url, `SELECT (data - 'password')::text FROM people WHERE id = $1`, other)
	for range 2 {
		if code, _ := ask(t, "GET", base+"/login", other, otherPwd, ""); code != 200 {
			t.Errorf("login %d", code)
		}
	}
	after := testdb.Text(t, s.url, `SELECT (data - 'password')::text FROM people WHERE id = $1`, other)
	hash := testdb.Text(t, s.url, `SELECT left(data ->> 'password', 7) FROM people WHERE id = $1`, other)
	if before != after || hash != "$2a$10$" {
		t.Errorf("the hash is %s..., the rest %s, was %s", hash, after, before)
	}
}
