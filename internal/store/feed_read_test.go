// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

var everything = []fed.Resource{"person", "page", "document", "unit", "institution"}

// feedRequest is a query of the feed, and the account that sends it.
type feedRequest struct {
	store.FeedQuery
	Caller string
}

// overseer asks for all that there is.
func overseer() feedRequest {
	return feedRequest{store.FeedQuery{Limit: 1000, All: everything, Deleted: everything}, "ROOT"}
}

// patient asks for what somebody without global reach may see.
func patient(id string) feedRequest {
	return feedRequest{store.FeedQuery{Limit: 1000, All: []fed.Resource{"institution"}, Own: []fed.Resource{"person", "page", "document"}}, id}
}

// read publishes and reads a page.
func read(t *testing.T, db *testdb.DB, q feedRequest) store.FeedPage {
	t.Helper()
	if err := db.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	page, err := db.For(fed.Reader{Account: q.Caller}).Changes(t.Context(), q.FeedQuery)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// changeLines gives the changes as "operation resource id version data".
func changeLines(changes []store.Change) (lines []string) {
	for _, c := range changes {
		data := "-"
		if c.Data != nil {
			data = string(c.Data)
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %d %s", c.Operation, c.Resource, c.ID, c.Version, data))
	}
	return lines
}

func wantChanges(t *testing.T, what string, page store.FeedPage, want ...string) {
	t.Helper()
	if got := changeLines(page.Changes); !slices.Equal(got, want) {
		t.Errorf("%s: got\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// newLife makes a database in which every kind of record was changed.
func newLife(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	for _, sql := range []string{
		`INSERT INTO people (id, data) VALUES ('A', '{"n": 1, "password": "h"}'), ('B', '{"n": 1}')`,
		`INSERT INTO pols (id, book, data) VALUES ('a', 'A', '{"p": 1.50}'), ('b', 'B', '{"p": 1}')`,
		`INSERT INTO personal_docs (id, fedacct, pol, data, document) VALUES ('d', 'A', 'a', '{"d": 1}', 'x')`,
		`INSERT INTO dus (id, data) VALUES ('u', '[1]')`,
		`INSERT INTO institutions (id, data) VALUES ('i', '{"i": 12345678901234567890123}')`,
		`UPDATE people SET data = data || '{"n": 2}' WHERE id = 'A'`,
		`UPDATE people SET data = data || '{"password": "other"}' WHERE id = 'A'`,
		`UPDATE pols SET data = data || '{"p": 2}' WHERE id = 'a'`,
		`DELETE FROM personal_docs`,
		`DELETE FROM institutions`,
	} {
		db.Exec(sql)
	}
	return db
}

func TestTheFeedHasEachRecordAsItWasAfterEachChange(t *testing.T) {
	t.Parallel()
	db := newLife(t)
	page := read(t, db, overseer())
	wantChanges(t, "all", page,
		`create person A 1 {"n": 1}`, `create person B 1 {"n": 1}`, `create page a 1 {"p": 1.50}`, `create page b 1 {"p": 1}`,
		`create document d 1 {"d": 1}`, `create unit u 1 -`, `create institution i 1 {"i": 12345678901234567890123}`,
		`update person A 2 {"n": 2}`, `update page a 2 {"p": 2}`, `delete document d 2 -`, `delete institution i 2 -`)
	if page.More || page.Cut || page.Next.String() != page.Changes[10].Cursor.String() {
		t.Errorf("it ends with %+v", page.Next)
	}
	q := overseer()
	q.NoData = true
	for _, c := range read(t, db, q).Changes {
		if c.Data != nil {
			t.Errorf("data of %s", c.ID)
		}
	}
}

func TestThePatientSeesTheirOwnAndNothingThatIsDeleted(t *testing.T) {
	t.Parallel()
	db := newLife(t)
	mine := []string{
		`create person A 1 {"n": 1}`, `create page a 1 {"p": 1.50}`, `create document d 1 -`, `create institution i 1 -`,
		`update person A 2 {"n": 2}`, `update page a 2 {"p": 2}`, `delete document d 2 -`, `delete institution i 2 -`,
	}
	wantChanges(t, "A", read(t, db, patient("A")), mine...)
	wantChanges(t, "B", read(t, db, patient("B")), `create person B 1 {"n": 1}`, `create page b 1 {"p": 1}`, mine[3], mine[7])
	wantChanges(t, "C", read(t, db, patient("C")), mine[3], mine[7])
	for name, c := range map[string]struct {
		all, own []fed.Resource
		want     []string
	}{
		"nothing":           {},
		"own pages":         {own: []fed.Resource{"page"}, want: []string{mine[1], mine[5]}},
		"units":             {all: []fed.Resource{"unit"}, want: []string{`create unit u 1 -`}},
		"institutions":      {all: []fed.Resource{"institution"}, want: []string{mine[3], mine[7]}},
		"all pages":         {all: []fed.Resource{"page"}, own: []fed.Resource{"person"}, want: []string{mine[0], mine[1], `create page b 1 {"p": 1}`, mine[4], mine[5]}},
		"pages of somebody": {all: []fed.Resource{"unit"}, own: []fed.Resource{"page"}, want: []string{mine[1], `create unit u 1 -`, mine[5]}},
	} {
		t.Run(name, func(t *testing.T) {
			q := feedRequest{store.FeedQuery{Limit: 1000, All: c.all, Own: c.own}, "A"}
			wantChanges(t, name, read(t, db, q), c.want...)
		})
	}
}

// A page that is in another book now was deleted, as far as the first one knows.
func TestAPageThatWentToSomebodyElseIsDeletedForTheFirst(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}'), ('B', '{}')`)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('p', 'A', '{"n": 1}'), ('nobodys', NULL, '{}')`)
	db.Exec(`UPDATE pols SET book = 'B', data = '{"n": 2}' WHERE id = 'p'`)
	pages := func(caller string) store.FeedPage {
		return read(t, db, feedRequest{store.FeedQuery{Limit: 10, All: []fed.Resource{"unit"}, Own: []fed.Resource{"page"}}, caller})
	}
	wantChanges(t, "the first", pages("A"), `create page p 1 -`, `delete page p 2 -`)
	wantChanges(t, "the second", pages("B"), `create page p 3 {"n": 2}`)
	q := overseer()
	q.All = []fed.Resource{"page"}
	wantChanges(t, "all", read(t, db, q), `create page p 1 {"n": 1}`, `create page nobodys 1 {}`, `delete page p 2 -`, `create page p 3 {"n": 2}`)
}

func TestFiltersOfTheFeed(t *testing.T) {
	t.Parallel()
	db := newLife(t)
	filtered := func(change func(*feedRequest)) store.FeedPage {
		q := overseer()
		change(&q)
		return read(t, db, q)
	}
	wantChanges(t, "person", filtered(func(q *feedRequest) { q.Person = "B" }), `create person B 1 {"n": 1}`, `create page b 1 {"p": 1}`)
	wantChanges(t, "nobody", filtered(func(q *feedRequest) { q.Person = "b" }))
	wantChanges(t, "resource", filtered(func(q *feedRequest) { q.All = []fed.Resource{"unit"} }), `create unit u 1 -`)
	wantChanges(t, "own", filtered(func(q *feedRequest) { q.All, q.Own, q.Caller, q.Person = nil, []fed.Resource{"person"}, "A", "B" }))
	echo := func(account, node string) {
		t.Helper()
		db.Exec(`SELECT set_config('thalamus.request', 'r', true), set_config('thalamus.account', '` + account + `', true), set_config('thalamus.node', '` + node + `', true);
			UPDATE dus SET data = jsonb_build_object('by', '` + account + ` at ` + node + `')`)
	}
	after := read(t, db, overseer()).Next
	echo("ROOT", "hospital")
	echo("ROOT", "other")
	echo("ROOT", "")
	echo("NURSE", "hospital")
	db.Exec(`UPDATE dus SET data = '{"by": "nobody", "modification_info": {"node": "hospital"}}'`)
	rest := []string{`update unit u 3 {"by": "ROOT at other"}`, `update unit u 4 {"by": "ROOT at "}`, `update unit u 5 {"by": "NURSE at hospital"}`,
		`update unit u 6 {"by": "nobody", "modification_info": {"node": "hospital"}}`}
	wantChanges(t, "not_node", filtered(func(q *feedRequest) { q.After, q.NotNode = after, "hospital" }), rest...)
	wantChanges(t, "without it", filtered(func(q *feedRequest) { q.After = after }), append([]string{`update unit u 2 {"by": "ROOT at hospital"}`}, rest...)...)
}

func TestPagesOfTheFeedJoin(t *testing.T) {
	t.Parallel()
	db := newLife(t)
	for name, q := range map[string]feedRequest{"all": overseer(), "own": patient("A")} {
		t.Run(name, func(t *testing.T) {
			whole := read(t, db, q)
			for q.Limit = 1; q.Limit <= len(whole.Changes)+1; q.Limit++ {
				var got []store.Change
				q.After = store.Cursor{}
				for more := true; more; {
					page := read(t, db, q)
					if got = append(got, page.Changes...); len(page.Changes) > q.Limit {
						t.Errorf("%d changes with limit %d", len(page.Changes), q.Limit)
					}
					q.After, more = page.Next, page.More
				}
				if !slices.Equal(changeLines(got), changeLines(whole.Changes)) || q.After != whole.Next {
					t.Errorf("%d at a time: %q", q.Limit, changeLines(got))
				}
			}
		})
	}
}

// A page that is full and one that has room both say whether anything is behind them.
func TestAPageOfTheFeedKnowsWhetherThereIsMore(t *testing.T) {
	t.Parallel()
	db := newLife(t)
	pages := overseer()
	pages.All = []fed.Resource{"page"}
	for name, c := range map[string]struct {
		q     feedRequest
		there int
	}{"all": {overseer(), 11}, "pages": {pages, 3}, "own": {patient("A"), 8}} {
		t.Run(name, func(t *testing.T) {
			for c.q.Limit = 1; c.q.Limit <= c.there+1; c.q.Limit++ {
				page := read(t, db, c.q)
				if got := len(page.Changes); got != min(c.q.Limit, c.there) || page.More != (got < c.there) || page.Cut {
					t.Errorf("%s, limit %d: %d changes, more: %t, cut: %t", name, c.q.Limit, got, page.More, page.Cut)
				}
				if behind := page.Next.Position; !page.More && behind != 11 {
					t.Errorf("%s, limit %d: next is %d, not the end", name, c.q.Limit, behind)
				}
			}
		})
	}
}

// Records of all sizes come, and no page is much larger than what may be in memory.
func TestLargeRecordsMakeShortPages(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	const wide = `(SELECT string_agg(md5((n * 1000 + i)::text), '') FROM generate_series(1, 10000) AS i)` // does not shrink
	db.Exec(`INSERT INTO dus (id, data) SELECT n, jsonb_build_object('d', ` + wide + `) FROM generate_series(1, 8) AS n`)
	db.Exec(`INSERT INTO dus (id, data) SELECT n, jsonb_build_object('d', repeat('x', 800000)) FROM generate_series(9, 12) AS n`) // shrinks
	db.Exec(`INSERT INTO dus (id, data) VALUES ('13', '{}')`)
	db.Exec(`DELETE FROM dus WHERE id = '13'`)
	q, ids, pages := overseer(), []string(nil), 0
	for more := true; more; pages++ {
		page := read(t, db, q)
		size := 0
		for _, c := range page.Changes {
			ids = append(ids, fmt.Sprint(c.ID, c.Operation[:1]))
			size += len(c.Data)
		}
		if page.Cut != page.More || size > 2<<20 || len(page.Changes) == 0 {
			t.Errorf("%d changes with %d bytes, cut: %t", len(page.Changes), size, page.Cut)
		}
		q.After, more = page.Next, page.More
	}
	if got := strings.Join(ids, " "); got != "1c 2c 3c 4c 5c 6c 7c 8c 9c 10c 11c 12c 13c 13d" || pages < 5 {
		t.Errorf("in %d pages: %s", pages, got)
	}
}

// A reader of few changes finds them in steps of a bounded size.
func TestAFilteredReaderLooksAtABoundedNumberOfPositions(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO institutions (id, data) SELECT n, '{}' FROM generate_series(1, 20000) AS n`)
	db.Exec(`INSERT INTO dus (id, data) VALUES ('u', '{}')`)
	q := overseer()
	q.All = []fed.Resource{"unit"}
	page := read(t, db, q)
	if len(page.Changes) != 0 || !page.More || page.Next.Position != 20000 {
		t.Errorf("%d changes, next %d", len(page.Changes), page.Next.Position)
	}
	q.After = page.Next
	wantChanges(t, "then", read(t, db, q), `create unit u 1 {}`)

	db.Exec(`INSERT INTO institutions (id, data) SELECT n, '{}' FROM generate_series(20001, 40000) AS n`)
	q.Limit = 1
	if page = read(t, db, q); len(page.Changes) != 1 || !page.More || page.Next.Position != 40000 {
		t.Errorf("as many as it wants, but not all were looked at: %d changes, more: %t, next %d", len(page.Changes), page.More, page.Next.Position)
	}

	q = feedRequest{store.FeedQuery{Limit: 10, Own: []fed.Resource{"page"}}, "A"}
	if page = read(t, db, q); len(page.Changes) != 0 || page.More || page.Next.Position != 40001 {
		t.Errorf("by the index: next %d", page.Next.Position)
	}
}

func TestTheTimeAndTheWriterOfAChange(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	before := time.Now().Add(-time.Minute)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"creation_info": {"node": "hospital"}}')`)
	_, err := db.ChangePerson(t.Context(), fed.Write{Account: "A", Request: "r"}, "A", store.PersonChange{Roles: nothing, Filled: nothing, Patch: fed.Record(`{"modification_info": {"node": "phone"}}`)})
	if err != nil {
		t.Fatal(err)
	}
	changes := read(t, db, overseer()).Changes
	if c := changes[0]; c.Account != nil || *c.Node != "hospital" || *c.Person != "A" || c.Time.Before(before) || c.Time.After(time.Now()) {
		t.Errorf("got %+v", c)
	}
	if c := changes[1]; *c.Account != "A" || *c.Node != "phone" {
		t.Errorf("got %+v", c)
	}
}
