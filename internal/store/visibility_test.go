// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"strings"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// lifeOf makes a record of every kind.
const lifeOf = `INSERT INTO people (id, data) VALUES ('A', '{"life": "%[1]s"}');
	INSERT INTO pols (id, book, data) VALUES ('p', 'A', '{"life": "%[1]s"}');
	INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('d', 'A', 'p', '{"life": "%[1]s"}');
	INSERT INTO dus (id, data) VALUES ('u', '{"life": "%[1]s"}');
	INSERT INTO institutions (id, data) VALUES ('i', '{"life": "%[1]s"}')`

const endOfLife = `DELETE FROM personal_docs; DELETE FROM pols; DELETE FROM people; DELETE FROM dus; DELETE FROM institutions`

// twoHolders makes a database whose id A is in its second hands. Of them, too, all
// records but the person were deleted once and made anew.
func twoHolders(t *testing.T, endOfFirst string) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	for _, sql := range []string{
		strings.ReplaceAll(lifeOf, "%[1]s", "former"), `UPDATE pols SET data = data || '{"n": 2}'`, endOfFirst,
		strings.ReplaceAll(lifeOf, "%[1]s", "mistaken"), strings.Replace(endOfLife, "DELETE FROM people;", "", 1),
		strings.ReplaceAll(lifeOf[strings.Index(lifeOf, ";")+1:], "%[1]s", "present"), `UPDATE pols SET data = data || '{"n": 2}'`,
		`UPDATE people SET data = '{"life": "present"}'`,
	} {
		db.Exec(sql)
	}
	return db
}

// The corrected mistake of a front desk: the id is somebody else's from now on.
func TestChangesBeforeADeletionAreShownToGlobalRolesOnly(t *testing.T) {
	t.Parallel()
	for how, endOfFirst := range map[string]string{
		"deleted": endOfLife, "truncated": `TRUNCATE people, pols, personal_docs, dus, institutions`,
	} {
		db := twoHolders(t, endOfFirst)
		own := []string{
			`create person A 3 {"life": "mistaken"}`, `create page p %s -`, `create document d 3 -`, `create institution i 3 -`,
			`delete document d 4 -`, `delete page p %s -`, `delete institution i 4 -`,
			`create page p %s {"life": "present"}`, `create document d 5 {"life": "present"}`, `create institution i 5 {"life": "present"}`,
			`update page p %s {"n": 2, "life": "present"}`, `update person A 4 {"life": "present"}`,
		}
		for _, version := range []string{"4", "5", "6", "7"} {
			for i, line := range own {
				if strings.Contains(line, "%s") {
					own[i] = strings.Replace(line, "%s", version, 1)
					break
				}
			}
		}
		q := patient("A")
		own = append([]string{`create institution i 1 -`, `delete institution i 2 -`}, own...) // it is nobody's
		wantChanges(t, how, read(t, db, q), own...)
		text := strings.Join(changeLines(read(t, db, overseer()).Changes), "\n")
		if strings.Count(text, "former") != 6 || strings.Count(text, "mistaken") != 5 {
			t.Errorf("%s: a global role sees\n%s", how, text)
		}
		wantChanges(t, "another", read(t, db, feedRequest{store.FeedQuery{Limit: 10, Own: []fed.Resource{"person", "page", "document"}}, "B"}))
	}
}

func TestAHistoryAndItsVersionsBeginWithThePresentLife(t *testing.T) {
	t.Parallel()
	db := twoHolders(t, endOfLife)
	for _, c := range []struct {
		past   store.HistoryQuery
		own    []string
		global int
	}{
		{store.HistoryQuery{Resource: "person", ID: "A", Person: "A"}, []string{`4.0 update {"life": "present"}`, `3.0 create {"life": "mistaken"}`}, 4},
		{store.HistoryQuery{Resource: "page", ID: "p", Person: "A"}, []string{`7.0 update {"n": 2, "life": "present"}`, `6.0 create {"life": "present"}`}, 7},
		{store.HistoryQuery{Resource: "document", ID: "d", Person: "A"}, []string{`5.0 create {"life": "present"}`}, 5},
		{store.HistoryQuery{Resource: "unit", ID: "u"}, []string{`5.0 create {"life": "present"}`}, 5},
	} {
		wantHistory(t, db, c.past, c.own...)
		for version := int64(c.global); version > 0; version-- {
			_, err := db.For(fed.Operator).Version(t.Context(), c.past, version)
			if shown := c.global-int(version) < len(c.own); shown != (err == nil) {
				t.Errorf("%+v: version %d: %v", c.past, version, err)
			}
		}
		c.past.Global = true
		if all, _ := history(t, db, c.past, store.HistoryPage{}); len(all) != c.global {
			t.Errorf("a global role sees %q", all)
		}
	}
}

// A page that outlived its person, as it may without foreign keys, was the former
// holder's.
func TestAPageThatOutlivedItsPersonIsNotTheNextHolders(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`ALTER TABLE pols DROP CONSTRAINT pols_book_fkey`)
	db.Exec(strings.ReplaceAll(lifeOf, "%[1]s", "former"))
	db.Exec(`DELETE FROM personal_docs; DELETE FROM people; INSERT INTO people (id, data) VALUES ('A', '{}')`)
	past := store.HistoryQuery{Resource: "page", ID: "p", Person: "A"}
	err := db.For(fed.Operator).History(t.Context(), past, store.HistoryPage{}, eager, func(store.HistoryEntry) error { return nil })
	wantKind(t, err, fed.NotFound)
	_, err = db.For(fed.Operator).Version(t.Context(), past, 1)
	wantKind(t, err, fed.NotFound)
	q := patient("A")
	q.All = nil
	wantChanges(t, "feed", read(t, db, q), `create person A 3 {}`)
}

// Nor does retention bring back that somebody else had the id.
func TestAfterACutTheFormerHolderIsStillAnother(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(strings.ReplaceAll(lifeOf, "%[1]s", "former"))
	db.Exec(endOfLife)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"n": 1}')`)
	db.Exec(`UPDATE people SET data = '{"n": 2}'`)
	q := patient("A")
	q.All = nil
	want := []string{`create person A 3 {"n": 1}`, `update person A 4 {"n": 2}`}
	wantChanges(t, "before", read(t, db, q), want...)
	if gone, err := db.CutFeed(t.Context(), time.Now().Add(time.Hour)); gone != 7 || err != nil {
		t.Fatalf("cut %d, %v", gone, err)
	}
	wantChanges(t, "after", read(t, db, q), want[1])
	wantText(t, db.Text(`SELECT string_agg(concat_ws(' ', version, operation, person, before, db_user), ', ' ORDER BY version) FROM thalamus_changes
		WHERE resource = 'person'`), nil, `1 cut, 2 cut, 4 update A {"n": 1} postgres`)
	wantHistory(t, db, store.HistoryQuery{Resource: "person", ID: "A", Person: "A", Global: true}, `4.0 update {"n": 2}`)
}
