// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

func TestMigrateTellsWhoseAccountsAreClosed(t *testing.T) {
	t.Parallel()
	s := pythonSite(t)
	testdb.Exec(t, s.url, `INSERT INTO people SELECT 'CLOSED' || lpad(n::text, 2, '0'), jsonb_build_object('active', 'false', 'password', '$2b$12$cjrKVGYEKUwCmVDCtEnwcegcrmECTmeBz526AAD/ZqMGPWFpHJ4FW')
		FROM generate_series(1, 11) AS n;
		INSERT INTO people VALUES ('NOPWD', '{"active": "no"}'), ('CLOSED00', '{"active": false, "password": "$2b$12$cjrKVGYEKUwCmVDCtEnwcegcrmECTmeBz526AAD/ZqMGPWFpHJ4FW"}')`)
	status, out := here(t, "", s.environ, "migrate")
	if status != 0 || !strings.Contains(out, ": 11: CLOSED01, CLOSED02, CLOSED03, CLOSED04, CLOSED05, CLOSED06, CLOSED07, CLOSED08, CLOSED09, CLOSED10, ...\n") {
		t.Errorf("status %d: %s", status, out)
	}
	p := start(t, s.environ, "serve")
	p.await("Accounts are closed", 1)
}

func TestMigrateStopsBeforeItClosesTheLastAdministrator(t *testing.T) {
	t.Parallel()
	s := pythonSite(t)
	testdb.Exec(t, s.url, `UPDATE people SET data = data || '{"active": 1}' WHERE data -> 'roles' ? 'root'`)
	status, out := here(t, "", s.environ, "migrate")
	_, statement, found := strings.Cut(out, "migrate again: ")
	if status != 1 || !found || !strings.HasPrefix(statement, "UPDATE people SET") || strings.Contains(out, "applied") {
		t.Fatalf("status %d: %s", status, out)
	}
	testdb.Exec(t, s.url, statement)
	if status, out := here(t, "", s.environ, "migrate"); status != 0 {
		t.Errorf("status %d after mending: %s", status, out)
	}
}

func TestMigrateGoesOnWhereThereWasNoAdministrator(t *testing.T) {
	t.Parallel()
	s := pythonSite(t)
	testdb.Exec(t, s.url, `UPDATE people SET data = data || '{"active": false}' WHERE data -> 'roles' ? 'root';
		INSERT INTO people VALUES ('ODD', '{"active": "no", "roles": ["end_user"], "password": "$2b$12$cjrKVGYEKUwCmVDCtEnwcegcrmECTmeBz526AAD/ZqMGPWFpHJ4FW"}')`)
	if status, out := here(t, "", s.environ, "migrate"); status != 0 || !strings.Contains(out, ": 1: ODD\n") {
		t.Errorf("status %d: %s", status, out)
	}
}
