// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"strings"
	"testing"

	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// However much an account has read, or was read of a person, PostgreSQL takes the newest from the end of an index and
// sorts none of it, whether it plans for these values or for any. What is found in lists of persons has no order.
func TestTheNewestOfManyAccessesAreReadInTheOrderOfTheirIndex(t *testing.T) {
	t.Parallel()
	db, seen := accessDB(t, "P1"), &recorder{}
	db.Exec(`SELECT thalamus_access_month('2026-05-01'), thalamus_access_month('2026-06-01')`)
	db.Exec(`INSERT INTO thalamus_access (time, seq, account, roles, method, endpoint, person, everybody, status)
		SELECT timestamptz '2026-05-01 00:00Z' + n * interval '1 minute', n, 'READER' || n % 10, '{}', 'GET', 'book', 'P' || n % 10, false, 200 FROM generate_series(1, 50000) AS n`)
	db.Exec(`ANALYZE`)
	must(t, db.Observe(seen))

	for name, c := range map[string]struct {
		query store.AccessQuery
		sorts int
	}{"an account": {store.AccessQuery{Account: "READER1"}, 0}, "a person": {store.AccessQuery{Person: "P1"}, 1}} {
		accessPage(t, db, c.query, store.Keyset[store.AccessKey]{Limit: 25})
		asked := seen.take()
		for _, mode := range []string{"force_generic_plan", "force_custom_plan"} {
			conn := testdb.Connect(t, db.URL)
			for _, s := range append([]sent{{text: `SET plan_cache_mode = ` + mode}}, asked...) {
				switch {
				case !s.explainable():
					_, err := conn.Exec(t.Context(), s.text)
					must(t, err)
				case sorts(plan(t, conn, s)) != c.sorts && strings.Contains(s.text, "ORDER BY"):
					t.Errorf("%s, %s: %d parts are sorted, want %d", name, mode, sorts(plan(t, conn, s)), c.sorts)
				}
			}
		}
	}
}

// sorts counts the steps of a plan that sort.
func sorts(plan any) (n int) {
	switch node := plan.(type) {
	case []any:
		for _, part := range node {
			n += sorts(part)
		}
	case map[string]any:
		if kind, _ := node["Node Type"].(string); strings.HasSuffix(kind, "Sort") {
			n++
		}
		for _, part := range node {
			n += sorts(part)
		}
	}
	return n
}
