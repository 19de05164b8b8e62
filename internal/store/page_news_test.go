// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// visitor is A with a password, and B. The feed has them.
func visitor(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"password": "hash"}'), ('B', '{}')`)
	must(t, db.Publish(t.Context()))
	return db
}

// visit begins a session of A, and gives the visit before it.
func visit(t *testing.T, db *testdb.DB, key byte) store.Visit {
	t.Helper()
	begun, err := db.BeginSession(t.Context(), store.Session{Key: store.SessionKey{key}, Account: fed.Account{ID: "A"}}, "hash")
	if !begun || err != nil {
		t.Fatalf("no session begins: %v", err)
	}
	s, err := db.Session(t.Context(), store.SessionKey{key}, sessionTimes)
	must(t, err)
	return s.Before
}

// wantNews looks at A's news as texts: page, what of it is new, and by whom. + is more.
func wantNews(t *testing.T, db *testdb.DB, since store.Visit, limit int, want string) {
	t.Helper()
	must(t, db.Publish(t.Context()))
	news, more, err := db.For(fed.Operator).News(t.Context(), "A", since, []string{"summary"}, limit)
	must(t, err)
	var got []string
	for _, n := range news {
		text := n.ID
		for word, is := range map[string]bool{" created": n.Created && !n.Documents, " documents": n.Documents && !n.Created, " both": n.Created && n.Documents} {
			if is {
				text += word
			}
		}
		if n.Others {
			text += " by others"
		}
		if n.Account != nil {
			text += " " + *n.Account
		}
		got = append(got, text)
		if want := fmt.Sprintf(`{"summary": "S%s"}`, n.ID); string(n.Page) != want || n.Time.IsZero() {
			t.Errorf("%s has %s of %s", n.ID, n.Page, n.Time)
		}
	}
	if more {
		got = append(got, "+")
	}
	if strings.Join(got, ", ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// writeAs is a change that a server makes for an account.
func writeAs(db *testdb.DB, account, statement string) {
	db.Exec(`SELECT set_config('thalamus.request', 'r', true), set_config('thalamus.account', '` + account + `', true); ` + statement)
}

// A person hears of the pages that others wrote or changed first, then of the own ones; the last
// change comes first.
func TestANewsOfABookIsWhatCameSinceTheVisit(t *testing.T) {
	t.Parallel()
	db := visitor(t)
	for _, id := range []string{"1", "2", "3", "4"} {
		addPage(db, "A", id, `{"summary": "S`+id+`", "large": "member"}`)
	}
	db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('d', 'A', '3', '{}')`)
	must(t, db.Publish(t.Context()))
	if first := visit(t, db, 1); !first.Time.IsZero() {
		t.Errorf("the first visit has one before it, %v", first)
	}
	since := visit(t, db, 2)
	wantNews(t, db, since, 9, "")

	writeAs(db, "A", `UPDATE pols SET data = data || '{"n": 1}' WHERE id IN ('1', '2')`)
	writeAs(db, "DR", `UPDATE pols SET data = data || '{"n": 2}' WHERE id = '1'`)
	writeAs(db, "A", `UPDATE pols SET data = data || '{"n": 3}' WHERE id = '1'`)
	writeAs(db, "DR", `UPDATE personal_docs SET data = '{"n": 1}' WHERE id = 'd'`)
	writeAs(db, "DR", `INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('g', 'A', '4', '{}')`)
	addPage(db, "A", "5", `{"summary": "S5"}`)
	writeAs(db, "A", `INSERT INTO pols (id, book, data) VALUES ('6', 'A', '{"summary": "S6"}')`)
	writeAs(db, "A", `INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('e', 'A', '6', '{}')`)
	for _, elsewhere := range []string{
		`INSERT INTO pols (id, book, data) VALUES ('b', 'B', '{}'), ('gone', 'A', '{}'), ('moved', 'A', '{}'), ('odd', 'A', '[]')`,
		`INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('b', 'B', '2', '{}'), ('f', 'A', NULL, '{}')`,
		`UPDATE people SET data = data || '{"n": 1}'`, `DELETE FROM pols WHERE id = 'gone'`, `UPDATE pols SET book = 'B' WHERE id = 'moved'`,
	} {
		db.Exec(elsewhere)
	}
	const all = "5 created by others, 4 documents by others DR, 3 documents by others DR, 1 by others DR, 6 both A, 2 A"
	wantNews(t, db, since, 9, all)
	wantNews(t, db, since, 6, all)
	wantNews(t, db, since, 2, "5 created by others, 4 documents by others DR, +")
	wantNews(t, db, visit(t, db, 3), 9, all)
	wantNews(t, db, visit(t, db, 4), 9, "")
}

// A change is new when it is committed: a long transaction's is not missed.
func TestNewsIsWhatWasCommittedSinceTheVisit(t *testing.T) {
	t.Parallel()
	db := visitor(t)
	end := db.Hold(`INSERT INTO pols (id, book, data) VALUES ('late', 'A', '{"summary": "Slate"}')`)
	visit(t, db, 1)
	end("COMMIT")
	wantNews(t, db, visit(t, db, 2), 9, "late created by others")
}

// The newest changes are looked through, however many there are.
func TestNewsAreOfTheNewestChanges(t *testing.T) {
	t.Parallel()
	db := visitor(t)
	visit(t, db, 1)
	since := visit(t, db, 2)
	addPage(db, "A", "1", `{"summary": "S1"}`)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('2', 'A', '{"summary": "S2"}')`)
	must(t, db.Publish(t.Context()))
	for n := range 1000 {
		db.Exec(`UPDATE pols SET data = jsonb_build_object('summary', 'S2', 'n', $1::int) WHERE id = '2'`, n)
	}
	wantNews(t, db, since, 9, "2 by others")
}
