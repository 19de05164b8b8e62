// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// measuredIDs gives the ids of the pages of A's book that have measurements, from a time on.
func measuredIDs(t *testing.T, db *testdb.DB, from time.Time) (ids []string) {
	t.Helper()
	must(t, db.For(fed.Operator).EachMeasured(t.Context(), "A", from, func(page store.MeasuredPage) error {
		ids = append(ids, page.ID)
		return nil
	}))
	return ids
}

// A book is read in pieces of 500 pages. Its newest page comes first, and pages of one time by their ids.
func TestEachPageWithMeasurementsIsHandedOnOnceHoweverManyThereAre(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}')`)
	db.Exec(`INSERT INTO pols (id, book, data)
		SELECT 'D' || n, 'A', jsonb_build_object('page_date', timestamp '2024-05-01' + n / 3 * interval '1 day', 'measurements', '[{"hr": 70}]')
		FROM generate_series(1000, 2000) AS n`)
	db.Exec(`INSERT INTO pols (id, book, data) SELECT 'U' || n, 'A', '{"measurements": {"hr": 70}}' FROM generate_series(1000, 1500) AS n`)

	ids := measuredIDs(t, db, time.Time{})
	sorted := slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) != 1502 || len(sorted) != 1502 {
		t.Errorf("%d pages, %d of them different, want 1502", len(ids), len(sorted))
	}

	dated, undated := ids[:1001], ids[1001:]
	slices.Reverse(dated)
	slices.Reverse(undated)
	if !slices.Equal(append(dated, undated...), sorted) {
		t.Errorf("they do not come in their order: %v", ids)
	}
}

func TestPagesWithMeasurementsAreThoseThatSayAnythingFromATimeOn(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}'), ('B', '{}')`)
	addPages(db, "A", map[string]string{
		"none": `{"page_date": "2024-05-03"}`, "null": `{"page_date": "2024-05-03", "measurements": null}`, "text": `{"page_date": "2024-05-03", "measurements": ""}`,
		"list": `{"page_date": "2024-05-03", "measurements": []}`, "object": `{"page_date": "2024-05-03", "measurements": {}}`,
		"new": `{"page_date": "2024-05-03", "measurements": [{"hr": 70}]}`, "first": `{"page_date": "2024-05-02", "measurements": [{"hr": 70}]}`,
		"old": `{"page_date": "2024-05-01 23:59", "measurements": [{"hr": 70}]}`, "undated": `{"page_date": 7, "measurements": [{"hr": 70}]}`,
	})
	addPage(db, "B", "other", `{"page_date": "2024-05-03", "measurements": [{"hr": 70}]}`)

	for from, want := range map[time.Time]string{
		{}: "new first old undated", time.Date(2024, 5, 2, 0, 0, 0, 0, time.UTC): "new first undated",
	} {
		wantText(t, strings.Join(measuredIDs(t, db, from), " "), nil, want)
	}
}

// The texts of a page come as they are stored; measurements that are too large to be read do not.
func TestAPageWithMeasurementsHasTheirTextAndThatOfItsDate(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}')`)
	addPages(db, "A", map[string]string{
		"1": `{"page_date": "2024-05-03 10:00 +02", "measurements": [{"hr": 70}]}`,
		"2": `{"page_date": "2024-05-02", "measurements": "` + strings.Repeat("x", 16<<10-2) + `"}`,
		"3": `{"page_date": "2024-05-01", "measurements": "` + strings.Repeat("x", 16<<10-1) + `"}`,
		"4": `{"page_date": [], "measurements": {"hr": 70}}`,
	})

	var got []string
	must(t, db.For(fed.Operator).EachMeasured(t.Context(), "A", time.Time{}, func(page store.MeasuredPage) error {
		read := string(page.Measurements[:min(len(page.Measurements), 15)])
		if page.Measurements == nil {
			read = "nothing"
		}
		got = append(got, page.ID+": "+page.Date+" "+read)
		return nil
	}))
	wantText(t, strings.Join(got, "\n"), nil, "1: 2024-05-03 10:00 +02 [{\"hr\": 70}]\n2: 2024-05-02 \"xxxxxxxxxxxxxx\n3: 2024-05-01 nothing\n4:  {\"hr\": 70}")
}
