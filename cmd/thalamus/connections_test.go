// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"thalamus/internal/testdb"
)

// hundred is a site whose PostgreSQL has a hundred connections, of which three are kept for superusers.
// Each look at a unit takes a while, so that many are under way.
func hundred(t *testing.T) site {
	t.Helper()
	s := migratedSite(t)
	db := testdb.At(t, s.url)
	url := db.As("hundred")
	for _, statement := range []string{
		`ALTER ROLE hundred CONNECTION LIMIT 97`,
		`GRANT ALL ON ALL TABLES IN SCHEMA public TO hundred`,
		`GRANT ALL ON ALL FUNCTIONS IN SCHEMA public TO hundred`,
		`INSERT INTO dus (id, data) VALUES ('U', '{}')`,
		`ALTER TABLE dus ENABLE ROW LEVEL SECURITY`,
		`CREATE POLICY slow ON dus USING (pg_sleep(0.3) IS NOT NULL)`,
		`UPDATE people SET data = data || '{"roles": ["root"]}' WHERE id = '` + other + `'`,
	} {
		db.Exec(statement)
	}
	s.environ = append(siteAt(url).environ, "THALAMUS_DATABASE_MAX_CONNS=64")
	return s
}

func TestTwoHubsThatWantMoreConnectionsThanThereAreAnswerEverything(t *testing.T) {
	t.Parallel()
	s := hundred(t)
	first := start(t, s.environ, "serve")
	testdb.Await(t, "the first server listens", func() bool {
		return testdb.Text(t, s.url, `SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN thalamus_account;%'`) == "1"
	})
	hubs := []*program{first, start(t, s.environ, "serve")}
	hubs[1].await("142 together; PostgreSQL has 97", 1)

	const clients, requests = 90, 10 // at each hub
	var asking sync.WaitGroup
	for n := range 2 * clients {
		asking.Go(func() {
			for m := range requests {
				method, path, body, want := "GET", "/domiciliary-units/U", "", 200
				if m%5 == 4 {
					method, path, body, want = "POST", fmt.Sprintf("/pols/%s/%d-%d", other, n, m), fmt.Sprintf(`{"id": "%d-%d"}`, n, m), 201
				}
				code, got, err := try(t, method, "http://"+hubs[n%2].address+path, other, otherPwd, body)
				if code != want || err != nil {
					t.Errorf("%s %s: %d %s %v", method, path, code, got, err)
				}
			}
		})
	}
	asking.Wait()
	if told := hubs[0].logged() + hubs[1].logged(); !strings.Contains(told, "PostgreSQL has no more connections to give") {
		t.Error("the connections sufficed")
	}
}
