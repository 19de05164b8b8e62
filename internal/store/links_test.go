// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// newIndex is a database with the persons A to F.
func newIndex(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT id, '{"active": false}' FROM unnest('{A,B,C,D,E,F}'::text[]) AS id`)
	return db
}

// say records links written like A=B and A!B, and fails if one is refused.
func say(t *testing.T, db *testdb.DB, links ...string) {
	t.Helper()
	for _, link := range links {
		if got := tell(t, db, link); got != "created" {
			t.Fatalf("%s: %s", link, got)
		}
	}
}

// tell tries to record a link, and says what became of it.
func tell(t *testing.T, db *testdb.DB, link string) string {
	t.Helper()
	_, created, err := db.Link(t.Context(), doctor, link[:1], link[2:], link[1] == '=')
	switch kind := fed.KindOf(err); {
	case err == nil && created:
		return "created"
	case err == nil:
		return "present"
	case kind == fed.Conflict:
		return "contradiction"
	case kind == fed.NotFound:
		return "unknown"
	case kind == fed.Invalid:
		return "invalid"
	}
	return err.Error()
}

// clusters writes who is known to be the same: ABC DE.
func clusters(db *testdb.DB) string {
	return db.Text(`SELECT COALESCE(string_agg(ids, ' ' ORDER BY ids), '') FROM (
		SELECT string_agg(id, '' ORDER BY id) || CASE WHEN linked <> min(id) THEN ' under ' || linked ELSE '' END AS ids
		FROM people WHERE linked IS NOT NULL GROUP BY linked) AS clusters`)
}

// linksOf writes what is known of a person: =B !C, in brackets what follows.
func linksOf(t *testing.T, db *testdb.DB, person string) string {
	t.Helper()
	var all []string
	err := db.For(fed.Operator).Links(t.Context(), person, store.Keyset[string]{}, func(l store.Link) error {
		text := "!" + l.Other
		if l.Same {
			text = "=" + l.Other
		}
		if !l.Direct {
			text = "(" + text + ")"
		}
		if (l.Time != nil) != l.Direct || (l.Account != nil) != l.Direct {
			t.Errorf("%s %s was said by %v at %v", person, text, l.Account, l.Time)
		}
		all = append(all, text)
		return nil
	})
	must(t, err)
	return strings.Join(all, " ")
}

func TestLinksThatFollowFromOthers(t *testing.T) {
	t.Parallel()
	db := newIndex(t)
	say(t, db, "C=B", "A=B", "D=E", "C!D")
	for person, want := range map[string]string{
		"A": "=B (=C) (!D) (!E)", "B": "=A =C (!D) (!E)", "C": "(=A) =B !D (!E)",
		"D": "(!A) (!B) !C =E", "E": "(!A) (!B) (!C) =D", "F": "",
	} {
		t.Run(person, func(t *testing.T) {
			wantText(t, linksOf(t, db, person), nil, want)
		})
	}
	wantText(t, clusters(db), nil, "ABC DE")
	settled := db.Text(`SELECT string_agg(a.id || b.id, ' ' ORDER BY a.id, b.id) FROM people AS a, people AS b
		WHERE a.id < b.id AND thalamus_settled(a.id, b.id) AND thalamus_settled(b.id, a.id)`)
	wantText(t, settled, nil, "AB AC AD AE BC BD BE CD CE DE")
	say(t, db, "A=C", "E!A")
	wantText(t, linksOf(t, db, "A"), nil, "=B =C (!D) !E")
}

func TestAContradictionIsRefusedFromBothSides(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ said, refused string }{
		{"A=B", "A!B"}, {"A!B", "A=B"},
		{"A=B B=C", "A!C"}, {"A=B B!C", "A=C"}, {"A!B B=C", "A=C"}, {"A=B C=D A!D", "B=C"}, {"A=B C=D B=C", "A!D"},
	} {
		t.Run(c.said, func(t *testing.T) {
			db := newIndex(t)
			say(t, db, strings.Fields(c.said)...)
			back := c.refused[2:] + c.refused[1:2] + c.refused[:1]
			for _, link := range []string{c.refused, back} {
				wantText(t, tell(t, db, link), nil, "contradiction")
			}
			for link := range strings.FieldsSeq(c.said) {
				wantText(t, tell(t, db, link[2:]+link[1:2]+link[:1]), nil, "present")
			}
			wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_links`), nil, fmt.Sprint(len(strings.Fields(c.said))))
		})
	}
}

func TestLinksOfNobody(t *testing.T) {
	t.Parallel()
	db := newIndex(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('N', NULL), ('T', '"x"')`)
	for link, want := range map[string]string{"X=A": "unknown", "N=A": "unknown", "T!A": "unknown", "A=X": "invalid", "A!N": "invalid"} {
		t.Run(link, func(t *testing.T) {
			wantText(t, tell(t, db, link), nil, want)
		})
	}
	for _, id := range []string{"X", "N", "T"} {
		if err := db.For(fed.Operator).Links(t.Context(), id, store.Keyset[string]{}, nil); fed.KindOf(err) != fed.NotFound {
			t.Errorf("%s: %v", id, err)
		}
	}
	if err := db.Unlink(t.Context(), "A", "B"); fed.KindOf(err) != fed.NotFound {
		t.Error(err)
	}
	wantText(t, db.Text(`SELECT thalamus_settled('X', 'A')::text`), nil, "false")
}

// A link keeps no person from being deleted, whoever does it.
func TestAClusterFallsApartWhenALinkOrAPersonGoes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		gone       func(db *testdb.DB) error
		want, left string
	}{
		"a link in the middle":     {func(db *testdb.DB) error { return db.Unlink(context.Background(), "C", "B") }, "AB CD", "AB AE AF BE BF CD"},
		"a link at the end":        {func(db *testdb.DB) error { return db.Unlink(context.Background(), "C", "D") }, "ABC", "AB AC AE AF BC BE BF CE CF"},
		"what was said not to be":  {func(db *testdb.DB) error { return db.Unlink(context.Background(), "F", "B") }, "ABCD", "AB AC AD AE BC BD BE CD CE DE"},
		"the person of the id":     {func(db *testdb.DB) error { return db.DeletePerson(context.Background(), doctor, "A") }, "BCD", "BC BD BF CD CF DF"},
		"a person between others":  {func(db *testdb.DB) error { return db.DeletePerson(context.Background(), doctor, "B") }, "CD", "AE CD"},
		"who is not somebody":      {func(db *testdb.DB) error { return db.DeletePerson(context.Background(), doctor, "F") }, "ABCD", "AB AC AD AE BC BD BE CD CE DE"},
		"two persons by SQL":       {func(db *testdb.DB) error { db.Exec(`DELETE FROM people WHERE id IN ('B', 'D')`); return nil }, "", "AE"},
		"a person who is erased":   {func(db *testdb.DB) error { _, err := db.Erase(context.Background(), nobody, "B"); return err }, "CD", "AE CD"},
		"a person with another id": {func(db *testdb.DB) error { db.Exec(`UPDATE people SET id = 'Z' WHERE id = 'B'`); return nil }, "CD", "AE CD"},
		"all persons":              {func(db *testdb.DB) error { db.Exec(`TRUNCATE people, pols, personal_docs`); return nil }, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newIndex(t)
			say(t, db, "A=B", "B=C", "C=D", "B!F", "E!A")
			must(t, c.gone(db))
			wantText(t, clusters(db), nil, c.want)
			settled := db.Text(`SELECT COALESCE(string_agg(a.id || b.id, ' ' ORDER BY a.id, b.id), '') FROM people AS a, people AS b
				WHERE a.id < b.id AND thalamus_settled(a.id, b.id)`)
			wantText(t, settled, nil, c.left)
			wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_links AS l
				WHERE NOT EXISTS (SELECT FROM people WHERE id = person) OR NOT EXISTS (SELECT FROM people WHERE id = other)`), nil, "0")
		})
	}
}

func TestALinkIsNoChangeOfThePersons(t *testing.T) {
	t.Parallel()
	db := newIndex(t)
	before := db.Rows(`SELECT id, version, creation FROM people ORDER BY id`)
	say(t, db, "A=B", "B=C")
	must(t, db.Unlink(t.Context(), "A", "B"))
	if diff := cmp.Diff(before, db.Rows(`SELECT id, version, creation FROM people ORDER BY id`)); diff != "" {
		t.Error(diff)
	}
	wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_changes`), nil, "6")
}

// Of two links that are made at once and contradict each other, one stands.
func TestOfTwoContradictionsAtOnceOneIsRefused(t *testing.T) {
	t.Parallel()
	db := newIndex(t)
	for range 20 {
		db.Exec(`DELETE FROM thalamus_links`)
		say(t, db, "A=B", "C=D")
		var both sync.WaitGroup
		got := make([]string, 2)
		for i, link := range []string{"A=C", "B!D"} {
			both.Go(func() { got[i] = tell(t, db, link) })
		}
		both.Wait()
		if all := strings.Join(got, " "); all != "created contradiction" && all != "contradiction created" {
			t.Fatal(all)
		}
	}
}

// A deletion of a person and a link to the person each need a lock that the other has.
func TestLinkingADeletedPersonLeavesNoLink(t *testing.T) {
	t.Parallel()
	db := newIndex(t)
	for range 8 {
		db.Exec(`INSERT INTO people (id, data) VALUES ('B', '{"active": false}') ON CONFLICT DO NOTHING`)
		db.Exec(`DELETE FROM thalamus_links`)
		say(t, db, "A=B")
		var both sync.WaitGroup
		both.Go(func() {
			if got := tell(t, db, "C=A"); got != "created" {
				t.Error(got)
			}
		})
		both.Go(func() {
			if err := db.DeletePerson(t.Context(), doctor, "B"); err != nil {
				t.Error(err)
			}
		})
		both.Wait()
		wantText(t, clusters(db), nil, "AC")
	}
}

func TestTheClusterIsBounded(t *testing.T) {
	t.Parallel()
	db := newIndex(t)
	db.Exec(`INSERT INTO people (id, data) SELECT 'P' || n, '{}' FROM generate_series(1, 64) AS n`)
	db.Exec(`SELECT thalamus_link('P1', 'P' || n, true, NULL, NULL) FROM generate_series(2, 63) AS n`)
	say(t, db, "E=P1")
	wantText(t, tell(t, db, "F=P2"), nil, "invalid")
	say(t, db, "E=P2", "F!P2") // which makes nobody the same
	wantText(t, db.Text(`SELECT count(*)::text FROM people WHERE linked = 'E'`), nil, "64")
}

// A transaction that sees the database of a while ago is refused.
func TestALinkOfAnOldSnapshotFails(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{`SELECT thalamus_link('A', 'D', true, NULL, NULL)`, `DELETE FROM people WHERE id = 'C'`} {
		db := newIndex(t)
		say(t, db, "A=B", "C=D")
		conn, err := pgx.Connect(t.Context(), db.URL)
		must(t, err)
		defer conn.Close(t.Context())
		_, err = conn.Exec(t.Context(), `BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM thalamus_links`)
		must(t, err)
		say(t, db, "B!C")
		_, err = conn.Exec(t.Context(), statement)
		if err == nil {
			_, err = conn.Exec(t.Context(), `COMMIT`)
		}
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.Code != "40001" {
			t.Errorf("%s: %v, %s", statement, err, clusters(db))
		}
	}
}

func TestAPersonWhoIsBeingDeletedIsNotLinked(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]string{"A=B": "unknown", "B=A": "invalid"} {
		t.Run(link, func(t *testing.T) {
			db := newIndex(t)
			end := db.Hold(`DELETE FROM people WHERE id = 'A'`)
			got := make(chan string, 1)
			go func() { got <- tell(t, db, link) }()
			db.AwaitWaiting(1)
			end("COMMIT")
			wantText(t, <-got, nil, want)
			wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_links`), nil, "0")
		})
	}
}

// A site's database may sort otherwise than ours, which sort by bytes.
func TestALinkIsKeptInTheOrderOfBytesWhateverTheCollation(t *testing.T) {
	t.Parallel()
	db := newIndex(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('a', '{}')`)
	wantText(t, db.Text(`SELECT thalamus_link('a' COLLATE "und-x-icu", 'B', true, NULL, NULL)`), nil, "created")
	wantText(t, db.Text(`SELECT thalamus_link('B' COLLATE "und-x-icu", 'a', true, NULL, NULL)`), nil, "present")
	wantText(t, db.Text(`SELECT thalamus_unlink('a' COLLATE "und-x-icu", 'B')::text`), nil, "true")
}
