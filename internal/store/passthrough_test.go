// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// digits is a record that no float64 could carry, as PostgreSQL writes it.
const digits = `{"f": 1.50, "i": 12345678901234567890123, "m": -0.000000000000000000001, "z": 0.0}`

func TestNumbersKeepAllTheirDigits(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	for name, write := range map[string]func(record fed.Record) (fed.Stored, error){
		"create person": func(r fed.Record) (fed.Stored, error) {
			stored, _, err := db.CreatePerson(t.Context(), nobody, "P", r, nothing)
			return stored, err
		},
		"patch person": func(r fed.Record) (fed.Stored, error) {
			db.Exec(`INSERT INTO people (id, data) VALUES ('Q', '{"i": 1}')`)
			return db.ChangePerson(t.Context(), nobody, "Q", patchOf(string(r)))
		},
		"create page": func(r fed.Record) (fed.Stored, error) {
			stored, _, err := db.CreatePage(t.Context(), nobody, "A", "2", r)
			return stored, err
		},
		"patch page": func(r fed.Record) (fed.Stored, error) {
			db.Exec(`INSERT INTO pols (id, book, data) VALUES ('3', 'A', '{}')`)
			return db.ChangePage(t.Context(), nobody, "A", "3", r)
		},
		"create unit": func(r fed.Record) (fed.Stored, error) {
			stored, _, err := db.Registry(fed.Unit).Create(t.Context(), nobody, "U", r, nothing)
			return stored, err
		},
		"patch unit": func(r fed.Record) (fed.Stored, error) {
			db.Exec(`INSERT INTO dus (id, data) VALUES ('V', '{}')`)
			return db.Registry(fed.Unit).Change(t.Context(), nobody, "V", r)
		},
		"create document": func(r fed.Record) (fed.Stored, error) {
			u := upload("d", true, nil)
			u.Data, u.Filled = r, nothing
			_, stored, _, err := db.CreateDocument(t.Context(), nobody, u)
			return stored, err
		},
		"patch document": func(r fed.Record) (fed.Stored, error) {
			db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ('e', 'A', '1', '', '{}')`)
			return db.ChangeDocument(t.Context(), nobody, store.DocumentKey{Person: "A", Page: "1", ID: "e"}, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			stored, err := write(fed.Record(`{"i":12345678901234567890123,"f":1.50,"m":-1e-21,"z":-0.0}`))
			if err != nil || string(stored.Record) != digits {
				t.Errorf("%s, %v", stored.Record, err)
			}
		})
	}
	wantDigits(t, db)
}

// wantDigits reads what the writers above left.
func wantDigits(t *testing.T, db *testdb.DB) {
	t.Helper()
	for _, id := range []string{"P", "Q"} {
		record, err := db.For(fed.Operator).Person(t.Context(), id)
		wantRecord(t, record, err, digits)
	}
	for _, id := range []string{"2", "3"} {
		record, err := db.For(fed.Operator).Page(t.Context(), "A", id)
		wantRecord(t, record, err, digits)
	}
	for _, id := range []string{"U", "V"} {
		record, err := db.Registry(fed.Unit).Get(t.Context(), fed.Operator, id)
		wantRecord(t, record, err, digits)
	}
	for _, id := range []string{"d", "e"} {
		document, err := db.For(fed.Operator).Document(t.Context(), store.DocumentKey{Person: "A", Page: "1", ID: id})
		wantText(t, document.Data, err, digits)
	}
}

// PostgreSQL's text holds neither NUL nor what is not UTF-8, so nothing can
// have such an id.
func TestAnIDThatCannotBeStoredIsNotFound(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	for _, id := range []string{"A\x00", "\x00", "A\xff"} {
		_, notRead := db.For(fed.Operator).Person(t.Context(), id)
		_, notChanged := db.ChangePerson(t.Context(), nobody, id, patchOf(`{}`))
		_, _, unknown := db.Credentials(t.Context(), id, id)
		_, noPerson := db.HasPerson(t.Context(), id)
		_, noPage := db.For(fed.Operator).Page(t.Context(), "A", id)
		_, _, notCreated := db.CreatePage(t.Context(), nobody, id, "2", nothing)
		_, noUnit := db.Registry(fed.Unit).Get(t.Context(), fed.Operator, id)
		_, noDocument := db.For(fed.Operator).Document(t.Context(), store.DocumentKey{Person: "A", Page: "1", ID: id})
		take := func(fed.Record) error { return nil }
		for _, err := range []error{
			notRead, notChanged, unknown, noPerson, noPage, notCreated, noUnit, noDocument,
			db.DeletePerson(t.Context(), nobody, id), db.For(fed.Operator).EachPage(t.Context(), id, eager, take),
		} {
			wantKind(t, err, fed.NotFound)
		}
	}
}
