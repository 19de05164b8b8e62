// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package main

import (
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

// migratedCluster is a PostgreSQL of the test's own, with what a migratedSite has.
func migratedCluster(t *testing.T) *testdb.Cluster {
	t.Helper()
	c := testdb.NewCluster(t)
	db := testdb.At(t, c.Location())
	fillPython(db)
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

// A login whose hash would be upgraded does not wait for that.
func TestAHubOnAStandbyIsReadAndServesWhenItIsPromoted(t *testing.T) {
	t.Parallel()
	primary := migratedCluster(t)
	standby := primary.Standby()
	standby.AwaitReplay(primary)
	environ := append(siteAt(standby.Location()).environ, "THALAMUS_SERVER_PATIENCE=6s") // in which a busy machine tries a write at least once
	hub := start(t, environ, "serve")
	base := "http://" + hub.address

	const page = `{"id": "new", "book": "` + other + `"}`
	for _, c := range []struct {
		method, path, body string
		code               int
		says               string
	}{
		{"GET", "/health/ready", "", 200, `"writes":false`},
		{"GET", "/login", "", 200, "true"},
		{"GET", "/people/" + other, "", 200, other},
		{"GET", "/changes?limit=1", "", 200, `"changes"`},
		{"POST", "/pols/" + other + "/new", page, 503, "The database can only be read at the moment, as a standby; try again."},
	} {
		if code, body := ask(t, c.method, base+c.path, other, otherPwd, c.body); code != c.code || !strings.Contains(body, c.says) {
			t.Errorf("%s %s: %d %s", c.method, c.path, code, body)
		}
	}
	if status, out := here(t, "", environ, "check"); status == 0 || !strings.Contains(out, "This PostgreSQL is a standby") {
		t.Errorf("check: status %d: %s", status, out)
	}

	standby.Promote()
	testdb.Await(t, "writes are announced", func() bool {
		_, body := ask(t, "GET", base+"/health/ready", other, otherPwd, "")
		return body == `{"status":"ready"}`
	})
	if code, body := ask(t, "POST", base+"/pols/"+other+"/new", other, otherPwd, page); code != 201 {
		t.Errorf("after the promotion: %d %s", code, body)
	}
	if log := hub.logged(); strings.Count(log, "this PostgreSQL is a standby") != 1 || strings.Contains(log, "stands still") {
		t.Errorf("the log: %s", log)
	}
}
