// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// idOf reads the id of a record.
func idOf(r fed.Record) string { return strings.Trim(string(record.KeysOf(r).ID), `"`) }

// bookPart reads a part of a book, and gives where it goes on.
func bookPart(t *testing.T, db *testdb.DB, q store.BookQuery, s store.Keyset[store.BookKey]) (ids []string, next *store.BookKey) {
	t.Helper()
	s.More = func(last store.BookKey) {
		if next != nil {
			t.Error("that there is more was told twice")
		}
		next = &last
	}
	must(t, db.For(fed.Operator).EachPageOf(t.Context(), q, s, eager, func(r fed.Record) error {
		ids = append(ids, idOf(r))
		return nil
	}))
	return ids, next
}

// wantBook reads a query whole, in parts of several sizes, and behind every place.
func wantBook(t *testing.T, db *testdb.DB, q store.BookQuery, want ...string) {
	t.Helper()
	whole, _ := bookPart(t, db, q, store.Keyset[store.BookKey]{})
	if diff := cmp.Diff(want, whole); diff != "" {
		t.Errorf("%+v: %s", q, diff)
	}
	for _, limit := range []int{1, 2, 3, len(want), 1000} {
		var got []string
		for next := (*store.BookKey)(nil); ; {
			var ids []string
			after := next
			ids, next = bookPart(t, db, q, store.Keyset[store.BookKey]{After: after, Limit: limit})
			got = append(got, ids...)
			if next == nil {
				break
			}
			rest, _ := bookPart(t, db, q, store.Keyset[store.BookKey]{After: next})
			if diff := cmp.Diff(want, append(slices.Clone(got), rest...)); diff != "" || len(ids) != limit {
				t.Fatalf("%d after %v: %s", limit, after, diff)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("by %d: %+v: %s", limit, q, diff)
		}
	}
}

// addPages puts pages in a book as others might have.
func addPages(db *testdb.DB, book string, pages map[string]string) {
	var ids, all []string
	for id, data := range pages {
		ids, all = append(ids, id), append(all, data)
	}
	db.Exec(`INSERT INTO pols (id, book, data) SELECT id, $1, data::jsonb || jsonb_build_object('id', id)
		FROM unnest($2::text[], $3::text[]) AS page (id, data)`, book, ids, all)
}

func addPage(db *testdb.DB, book, id, data string) { addPages(db, book, map[string]string{id: data}) }

// newDatedBook makes person A with pages whose ids tell their order.
func newDatedBook(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}'), ('B', '{}'), ('C', '{}')`)
	addPages(db, "A", map[string]string{
		"1": `{"page_date": "0001-01-01"}`, "2": `{"page_date": "2024-04-30T23:59:59.999999"}`, "3a": `{"page_date": "2024-05-01"}`, "3b": `{"page_date": "2024-05-01 00:00:00"}`, "3c": `{"page_date": "2024-05-01T02:00:00+02:00"}`,
		"3d": `{"page_date": "2024-04-30T20:00-0400"}`, "4": `{"page_date": "2024-05-01T10:11:12.123456"}`, "5": `{"page_date": "2024-05-01T10:11:12.2Z"}`, "6": `{"page_date": "2024-05-02"}`, "7": `{"page_date": "9999-12-31T23:59:59.9999999"}`,
		"u1": `{"page_date": null}`, "u2": `{"page_date": "2024-02-30"}`, "u3": `{"page_date": {"2024-05-01": [{}]}}`, "u4": `{"page_date": 20240501}`, "u5": `{"page_date": "yesterday"}`, "u6": `{"page_date": ""}`,
		"u7": `{}`,
	})
	addPage(db, "B", "9", `{"page_date": "2024-05-01"}`)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('none', 'A', NULL), ('list', 'A', '["page_date"]'), ('text', 'A', '"page_date"'), ('nobody', NULL, '{}')`)
	return db
}

func TestABookIsReadByDateThenByID(t *testing.T) {
	t.Parallel()
	db := newDatedBook(t)
	want := strings.Fields("1 2 3a 3b 3c 3d 4 5 6 7 u1 u2 u3 u4 u5 u6 u7")
	wantBook(t, db, store.BookQuery{Books: []string{"A"}}, want...)
	wantBook(t, db, store.BookQuery{Books: []string{"A"}, Descending: true}, strings.Fields("7 6 5 4 3d 3c 3b 3a 2 1 u7 u6 u5 u4 u3 u2 u1")...)
	wantBook(t, db, store.BookQuery{Books: []string{"nobody"}})
}

func TestDatesBoundABookAndNoPageWithoutADateIsLost(t *testing.T) {
	t.Parallel()
	db := newDatedBook(t)
	day := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	for _, descending := range []bool{false, true} {
		for _, c := range []struct {
			from, to time.Time
			want     string
		}{
			{day, day.AddDate(0, 0, 1), "3a 3b 3c 3d 4 5"},
			{day.Add(time.Microsecond), time.Time{}, "4 5 6 7"},
			{time.Time{}, day, "1 2"},
			{time.Time{}, day.Add(time.Microsecond), "1 2 3a 3b 3c 3d"},
			{day.AddDate(1, 0, 0), day.AddDate(2, 0, 0), ""},
		} {
			want, undated := strings.Fields(c.want), strings.Fields("u1 u2 u3 u4 u5 u6 u7")
			if descending {
				slices.Reverse(want)
				slices.Reverse(undated)
			}
			wantBook(t, db, store.BookQuery{Books: []string{"A"}, From: c.from, To: c.to, Descending: descending}, append(want, undated...)...)
		}
	}
}

// A place that is outside of the dates asked for is where those begin.
func TestAPlaceOutsideOfTheDates(t *testing.T) {
	t.Parallel()
	db := newDatedBook(t)
	day := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	for descending, want := range map[bool]string{false: "3a 3b", true: "5 4"} {
		q := store.BookQuery{Books: []string{"A"}, From: day, To: day.AddDate(0, 0, 1), Descending: descending}
		outside := []time.Time{day.AddDate(-9, 0, 0), day.Add(-time.Microsecond)}
		if descending {
			outside = []time.Time{day.AddDate(9, 0, 0), day.AddDate(0, 0, 1)}
		}
		for _, place := range outside {
			got, _ := bookPart(t, db, q, store.Keyset[store.BookKey]{After: &store.BookKey{Dated: true, Time: place, ID: "x"}, Limit: 2})
			if diff := cmp.Diff(strings.Fields(want), got); diff != "" {
				t.Errorf("behind %v: %s", place, diff)
			}
		}
	}
}

func TestSeveralBooksAreReadAsOne(t *testing.T) {
	t.Parallel()
	db := newDatedBook(t)
	addPage(db, "B", "u3b", `{}`)
	addPage(db, "C", "8", `{"page_date": "9999-12-31", "domain": "x"}`)
	both := []string{"B", "A", "nobody"}
	wantBook(t, db, store.BookQuery{Books: both}, strings.Fields("1 2 3a 3b 3c 3d 9 4 5 6 7 u1 u2 u3 u3b u4 u5 u6 u7")...)
	wantBook(t, db, store.BookQuery{Books: both, Descending: true}, strings.Fields("7 6 5 4 9 3d 3c 3b 3a 2 1 u7 u6 u5 u4 u3b u3 u2 u1")...)
}

func TestPagesAreChosenByWhatTheySay(t *testing.T) {
	t.Parallel()
	db := newDatedBook(t)
	addPages(db, "C", map[string]string{
		"a": `{"domain": "x", "context": "y", "page_date": "2024-05-01"}`, "b": `{"domain": "x", "medical_context": "y"}`, "c": `{"domain": "x", "context": "z", "medical_context": "y"}`,
		"d": `{"domain": ["x"], "context": {"y": "y"}}`, "e": `{"page_type": "5"}`, "f": `{"page_type": 5}`, "g": `{"page_type": "a\"<&>\u2028%s$1é"}`, "h": `{"sub": {"domain": "x"}}`,
	})
	context := []string{"context", "medical_context"}
	for _, c := range []struct {
		filters []store.PageFilter
		want    string
	}{
		{[]store.PageFilter{{Keys: []string{"domain"}, Text: "x"}}, "a b c"},
		{[]store.PageFilter{{Keys: context, Text: "y"}}, "a b c"},
		{[]store.PageFilter{{Keys: context, Text: "z"}}, "c"},
		{[]store.PageFilter{{Keys: context, Text: "z"}, {Keys: context, Text: "y"}}, "c"},
		{[]store.PageFilter{{Keys: []string{"domain"}, Text: "x"}, {Keys: context, Text: "w"}}, ""},
		{[]store.PageFilter{{Keys: []string{"page_type"}, Text: "5"}}, "e"},
		{[]store.PageFilter{{Keys: []string{"page_type"}, Text: "a\"<&>\u2028%s$1é"}}, "g"},
	} {
		want := strings.Fields(c.want)
		if c.want == "" {
			want = nil
		}
		wantBook(t, db, store.BookQuery{Books: []string{"C"}, Filters: c.filters}, want...)
	}
}

// oddIDs are such as only others can have written, but for the last ones.
func oddIDs() []string {
	ids := []string{"", " ", "a b", "/", "../x", "line\nbreak", "%", "%zz", "%00", `"`, `\`, "é", "e\u0301", "😀", "ü/ü?#&=", strings.Repeat("x", 255)}
	for i := range 3 {
		ids = append(ids, strings.Repeat("long ", 60)+fmt.Sprint(i), strings.Repeat("😀", 300)+fmt.Sprint(i), strings.Repeat("y", 2400)+fmt.Sprint(i))
	}
	return ids
}

func TestOddIDsOfPagesHaveTheirPlace(t *testing.T) {
	t.Parallel()
	db := newDatedBook(t)
	ids := oddIDs()
	pages := map[string]string{}
	for i, id := range ids {
		pages[id] = fmt.Sprintf(`{"page_date": %q}`, []string{"2024-05-01", ""}[i%2])
	}
	addPages(db, "C", pages)
	for _, q := range []store.BookQuery{{Books: []string{"C"}}, {Books: []string{"C"}, Descending: true}} {
		whole, _ := bookPart(t, db, q, store.Keyset[store.BookKey]{})
		wantBook(t, db, q, whole...)
		unescaped := map[string]bool{}
		for _, id := range whole {
			unescaped[id] = true
		}
		if len(whole) != len(ids) || len(unescaped) != len(ids) {
			t.Errorf("%d of %d pages", len(unescaped), len(ids))
		}
	}
}

// A page that is there from beginning to end is read once, whatever comes and goes meanwhile.
func TestABookChangesWhileItIsRead(t *testing.T) {
	t.Parallel()
	for _, descending := range []bool{false, true} {
		db := newDatedBook(t)
		q := store.BookQuery{Books: []string{"A"}, Descending: descending}
		seen := map[string]int{}
		conn := testdb.Connect(t, db.URL)
		for next, n := (*store.BookKey)(nil), 0; n == 0 || next != nil; n++ {
			var ids []string
			ids, next = bookPart(t, db, q, store.Keyset[store.BookKey]{After: next, Limit: 2})
			for _, id := range ids {
				seen[id]++
			}
			_, err := conn.Exec(t.Context(), `DELETE FROM pols WHERE id = $1`, ids[len(ids)-1]) // where it goes on
			must(t, err)
			if n > 30 {
				continue // pages that come behind would never end
			}
			_, err = conn.Exec(t.Context(), `INSERT INTO pols (id, book, data) SELECT id, 'A', jsonb_build_object('id', id, 'page_date', date) FROM
				(SELECT concat_ws(' ', 'new', $1::int, date) AS id, date FROM unnest('{2020-01-01,2024-05-01,2025-01-01,""}'::text[]) AS date) AS page`, n)
			must(t, err)
		}
		for _, id := range strings.Fields("1 2 3a 3b 3c 3d 4 5 6 7 u1 u2 u3 u4 u5 u6 u7") {
			if seen[id] != 1 {
				t.Errorf("%s was read %d times", id, seen[id])
			}
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s was read %d times", id, n)
			}
		}
	}
}

// A change of the date moves a page; another leaves the index alone.
func TestAPageMovesWithItsDate(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	addPage(db, "A", "2", `{"page_date": "2024-05-01"}`)
	wantBook(t, db, store.BookQuery{Books: []string{"A"}}, "2", "1")
	_, err := db.ChangePage(t.Context(), nobody, "A", "1", fed.Record(`{"page_date": "2023-05-01"}`))
	must(t, err)
	wantBook(t, db, store.BookQuery{Books: []string{"A"}}, "1", "2")
	_, err = db.ChangePage(t.Context(), nobody, "A", "1", fed.Record(`{"page_date": null}`))
	must(t, err)
	wantBook(t, db, store.BookQuery{Books: []string{"A"}}, "2", "1")
}

// However long a book is, and however few pages PostgreSQL expects, no more of it is
// read than is shown.
func TestOfALongBookOnlyAPartIsRead(t *testing.T) {
	t.Parallel()
	super, owner := owned(t)
	_, err := owner.Migrate(t.Context())
	must(t, err)
	db := testdb.At(t, super.As("server"))
	owner.Exec(grants)
	owner.Exec(`INSERT INTO people (id, data) SELECT 'P' || n, '{}' FROM generate_series(0, 500) AS n`)
	owner.Exec(`INSERT INTO pols (id, book, data) SELECT 'p' || n, 'P' || CASE WHEN n % 4 = 0 THEN 0 ELSE n % 500 END, jsonb_build_object('domain', 'x',
		'info', repeat('x', 300), 'page_date', CASE WHEN n % 8 = 0 THEN timestamp '2024-01-01' + n * interval '20 minutes' END) FROM generate_series(1, 12000) AS n`)
	owner.Exec(`ANALYZE pols`)
	owner.Exec(`CREATE SEQUENCE reads; GRANT ALL ON SEQUENCE reads TO server; ALTER TABLE pols ENABLE ROW LEVEL SECURITY;
		CREATE POLICY counted ON pols USING (nextval('reads') > 0)`)
	super.Exec(`ALTER FUNCTION md5(text) LEAKPROOF; ALTER FUNCTION octet_length(text) LEAKPROOF; ALTER FUNCTION int4pl LEAKPROOF`) // else a policy comes first
	for _, after := range []*store.BookKey{nil, {Dated: true, Time: time.Date(2024, 2, 20, 0, 0, 0, 0, time.UTC), ID: "p1"}, {ID: "p2"}} {
		for _, descending := range []bool{false, true} {
			q := store.BookQuery{
				Books: []string{"P0", "P7"}, Descending: descending, Filters: []store.PageFilter{{Keys: []string{"domain"}, Text: "x"}},
				From: time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC),
			}
			owner.Exec(`ALTER SEQUENCE reads RESTART`)
			ids, next := bookPart(t, db, q, store.Keyset[store.BookKey]{After: after, Limit: 20})
			if n := owner.Text(`SELECT (last_value <= 2 * 21)::text FROM reads`); len(ids) != 20 || next == nil || n != "true" {
				t.Errorf("after %v: %d pages, %s read", after, len(ids), owner.Text(`SELECT last_value::text FROM reads`))
			}
		}
	}
}
