// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// longQueue is a database of many pairs, of which every second is decided.
func longQueue(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT 'P' || n, jsonb_build_object('id', 'P' || n) FROM generate_series(1, 2000) AS n`)
	db.Exec(`INSERT INTO thalamus_duplicates (person, other, doubt, found, decided, account, time)
		SELECT least(a, b), greatest(a, b), n / 1e6, now(), CASE WHEN n % 2 = 0 THEN 'apart' END, 'DR', CASE WHEN n % 2 = 0 THEN now() - n * interval '1 s' END
		FROM (SELECT n, ('P' || n % 2000 + 1) COLLATE "C" AS a, ('P' || (n % 2000 + n / 2000 * 7 + 1) % 2000 + 1) COLLATE "C" AS b FROM generate_series(1, 20000) AS n) AS pair
		WHERE a <> b ON CONFLICT DO NOTHING`)
	db.Exec(`ANALYZE`)
	return db
}

// However many pairs there are, PostgreSQL takes a part of them from the index that has their order, whether
// it plans for these values or for any.
func TestAPartOfAQueueOfManyPairsIsReadByItsIndex(t *testing.T) {
	t.Parallel()
	db, seen := longQueue(t), &recorder{}
	must(t, db.Observe(seen))
	v := store.DuplicateView(db.For(fed.Operator))
	for _, c := range []struct {
		index string
		read  func(ctx context.Context, s store.Keyset[store.DuplicateKey]) ([]store.SuspectedPair, bool, error)
	}{{"thalamus_duplicates_open", v.SuspectedPairs}, {"thalamus_duplicates_decided", v.DecidedPairs}} {
		part := store.Keyset[store.DuplicateKey]{Limit: 25}
		for range 2 { // at the beginning, and behind a pair
			found, more, err := c.read(t.Context(), part)
			if err != nil || len(found) != 25 || !more {
				t.Fatalf("%s: %d pairs, %t, %v", c.index, len(found), more, err)
			}
			part.After = &found[24].Key
			statements := seen.take()
			for _, mode := range []string{"force_generic_plan", "force_custom_plan"} {
				conn := testdb.Connect(t, db.URL)
				_, err := conn.Exec(t.Context(), `SET plan_cache_mode = `+mode)
				must(t, err)
				for _, s := range statements {
					wantText(t, strings.Join(orderly(plan(t, conn, s)), ", "), nil, c.index)
				}
			}
		}
	}
}

// orderly gives the index by which a plan reads the pairs, and each step that sorts or reads them otherwise.
func orderly(plan any) (steps []string) {
	switch node := plan.(type) {
	case []any:
		for _, part := range node {
			steps = append(steps, orderly(part)...)
		}
	case map[string]any:
		kind, _ := node["Node Type"].(string)
		switch {
		case strings.Contains(kind, "Sort"), node["Relation Name"] == "thalamus_duplicates" && node["Index Cond"] == nil:
			steps = append(steps, kind)
		case node["Relation Name"] == "thalamus_duplicates":
			steps = append(steps, fmt.Sprint(node["Index Name"]))
		}
		for _, part := range node {
			steps = append(steps, orderly(part)...)
		}
	}
	return steps
}
