// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

func TestServingBehindAPooler(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	behind := func(mode string) []string {
		return append(s.environ[:len(s.environ):len(s.environ)], "THALAMUS_DATABASE_URL="+testdb.At(t, s.url).Pooled(mode))
	}
	status, out := here(t, "", behind("transaction"), "serve")
	if status != 1 || !strings.Contains(out, "pool_mode = session") || strings.Count(out, "\n") != 1 {
		t.Errorf("transaction mode: status %d: %s", status, out)
	}
	p := start(t, behind("session"), "serve")
	for _, step := range []struct {
		password string
		want     int
	}{{otherPwd, 200}, {otherPwd, 200}, {"another", 401}} {
		t.Run(step.password, func(t *testing.T) {
			if code, body := ask(t, "GET", "http://"+p.address+"/people/"+other, other, step.password, ""); code != step.want {
				t.Errorf("session mode: %s gave %d %s", step.password, code, body)
			}
		})
	}
}

func TestMigrateAndServeTellOfAnOpenSchema(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	db := testdb.At(t, s.url)
	db.Exec(`GRANT CREATE ON SCHEMA public TO PUBLIC`)
	db.Exec(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC`)
	environ := append(s.environ, "THALAMUS_DATABASE_URL="+db.As("served"))
	const closed, open = "The database is up to date.\n", "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
	if status, out := here(t, "", environ, "migrate"); status != 0 || !strings.Contains(out, open) {
		t.Errorf("whoever may not close it: status %d: %s", status, out)
	}
	start(t, environ, "serve").await(open, 1)
	if status, out := here(t, "", s.environ, "migrate"); status != 0 || out != closed {
		t.Errorf("whoever may: status %d: %s", status, out)
	}
}
