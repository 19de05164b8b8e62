// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

const deniesAll = `INSERT INTO thalamus_consents (id, person, scope, who, effect) VALUES ($1, $1::text, '*', '*', 'deny')`

func TestStatementsAreHeardOfWhoeverMakesThem(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(deniesAll, "A")
	if !db.Guards("B") {
		t.Error("nothing is known yet, and B is taken for free")
	}

	e, _ := listen(t, db)
	testdb.Await(t, "B is free", func() bool { return !db.Guards("B") })
	if !db.Guards("A") {
		t.Error("A's statement was there before")
	}

	db.Exec(deniesAll, "B")
	testdb.Await(t, "B is guarded", func() bool { return db.Guards("B") })
	if db.Guards("C") {
		t.Error("C is guarded, about whom nothing was said")
	}

	db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN thalamus_account%'`)
	soon(t, e.deaf)
	if !db.Guards("C") {
		t.Error("nobody hears, and C is taken for free")
	}
	testdb.Await(t, "C is free", func() bool { return !db.Guards("C") })
	if !db.Guards("A") || !db.Guards("B") {
		t.Error("after a new connection the statements are forgotten")
	}
}

// Somebody whose id is too long to be told may be anybody.
func TestAStatementAboutAnIDThatIsTooLongGuardsEverybody(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	listen(t, db)
	testdb.Await(t, "C is free", func() bool { return !db.Guards("C") })
	db.Exec(`INSERT INTO thalamus_consents (id, person, scope, who, effect) VALUES ('1', repeat('x', 4001), '*', '*', 'deny')`)
	testdb.Await(t, "C is guarded", func() bool { return db.Guards("C") })
}

// Who says something and reads right after does not wait for what is told.
func TestAStatementGuardsBeforeItIsToldOf(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`ALTER TABLE thalamus_consents DISABLE TRIGGER thalamus_consent_changed`)
	listen(t, db)
	testdb.Await(t, "A is free", func() bool { return !db.Guards("A") })

	_, _, err := store.Consents(db.For(fed.Reader{Account: "A"})).Say(t.Context(), nobody, store.Statement{Person: "A", Scope: "*", Who: "*", Effect: "deny"})
	must(t, err)
	if !db.Guards("A") {
		t.Error("A is taken for free")
	}
}

// Whose page is private is told as statements are, and known from the start, whoever has written or deleted it.
func TestPrivatePagesAreHeardOfWhileTheyCount(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`UPDATE pols SET data = data || '{"privacy": true}' WHERE id = '1'; DELETE FROM personal_docs; DELETE FROM pols WHERE id = '1'`)
	listen(t, db)
	testdb.Await(t, "A is free", func() bool { return !db.Guards("A") })
	db.CountPrivate(true)
	if !db.Guards("A") || db.Guards("B") {
		t.Errorf("guarded: A %t, B %t", db.Guards("A"), db.Guards("B"))
	}

	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('2', 'B', '{"privacy": true}')`)
	testdb.Await(t, "B is guarded", func() bool { return db.Guards("B") })
	db.Exec(`UPDATE pols SET data = data || '{"privacy": "yes"}'`)
	db.CountPrivate(false)
	if db.Guards("A") || db.Guards("B") {
		t.Error("private pages do not count, and are guarded")
	}
}

// Whoever writes a private page need not wait for what is told.
func TestAPrivatePageGuardsBeforeItIsToldOf(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`ALTER TABLE pols DISABLE TRIGGER thalamus_page_private`)
	db.CountPrivate(true)
	listen(t, db)
	testdb.Await(t, "A is free", func() bool { return !db.Guards("A") && !db.Guards("B") })

	_, _, err := db.CreatePage(t.Context(), fed.Write{Account: "B"}, "B", "new", fed.Record(`{"id": "new", "privacy": true}`))
	must(t, err)
	_, err = db.ChangePage(t.Context(), fed.Write{Account: "A"}, "A", "1", fed.Record(`{"privacy": true}`))
	must(t, err)
	if !db.Guards("A") || !db.Guards("B") {
		t.Errorf("guarded: A %t, B %t", db.Guards("A"), db.Guards("B"))
	}
}
