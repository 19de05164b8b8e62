// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"errors"
	"fmt"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// wantOther fails the test unless err says that the record has another version.
func wantOther(t *testing.T, what any, err error, version int64) {
	t.Helper()
	var known *fed.Error
	if !errors.As(err, &known) || known.Kind != fed.Stale || known.Version != version {
		t.Errorf("%+v: got %#v, want the refusal with version %d", what, err, version)
	}
}

// The record has version 2.
var (
	met   = []fed.Write{{}, {Versions: []int64{2}}, {Versions: []int64{7, 2}, Old: true}, {Except: []int64{1, 3}}, {Old: true}}
	unmet = []fed.Write{
		{Versions: []int64{}}, {Versions: []int64{1}}, {Versions: []int64{3, 1 << 62}}, {New: true},
		{Except: []int64{2}}, {Versions: []int64{2}, Except: []int64{1, 2}},
	}
)

// each of these makes a record of version 2 and gives the ways to change it.
func versionTwo(t *testing.T, db *testdb.DB) map[string]struct{ change, remove func(w fed.Write) error } {
	t.Helper()
	db.Exec(`INSERT INTO people (id, data) VALUES ('X', '{"active": false}')`)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('x', 'A', '{}')`)
	db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ('x', 'A', '1', 'bytes', '{}')`)
	db.Exec(`INSERT INTO dus (id, data) VALUES ('x', '{}')`)
	for _, table := range []string{"people", "pols", "personal_docs", "dus"} {
		db.Exec(`UPDATE ` + table + ` SET data = data || '{"second": 0}' WHERE id = 'x' OR id = 'X'`)
	}
	patch := fed.Record(`{}`)
	key := store.DocumentKey{Person: "A", Page: "1", ID: "x"}
	type ways = struct{ change, remove func(w fed.Write) error }
	return map[string]ways{
		"person": {
			func(w fed.Write) error { _, err := db.ChangePerson(t.Context(), w, "X", patchOf(`{}`)); return err },
			func(w fed.Write) error { return db.DeletePerson(t.Context(), w, "X") },
		},
		"page": {
			func(w fed.Write) error { _, err := db.ChangePage(t.Context(), w, "A", "x", patch); return err },
			func(w fed.Write) error { return db.DeletePage(t.Context(), w, "A", "x") },
		},
		"document": {
			func(w fed.Write) error { _, err := db.ChangeDocument(t.Context(), w, key, patch); return err },
			func(w fed.Write) error { return db.DeleteDocument(t.Context(), w, key) },
		},
		"unit": {
			func(w fed.Write) error {
				_, err := db.Registry(fed.Unit).Change(t.Context(), w, "x", patch)
				return err
			},
			func(w fed.Write) error { return db.Registry(fed.Unit).Delete(t.Context(), w, "x") },
		},
	}
}

func TestAChangeIsMadeOnlyToTheVersionAskedFor(t *testing.T) {
	t.Parallel()
	for name, ways := range versionTwo(t, newBook(t)) {
		for _, w := range met {
			if err := ways.change(w); err != nil {
				t.Errorf("%s, %+v: %v", name, w, err)
			}
		}
		for _, w := range unmet {
			wantOther(t, w, ways.change(w), 2)
			wantOther(t, w, ways.remove(w), 2)
		}
		if err := ways.remove(fed.Write{Versions: []int64{2}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		wantKind(t, ways.change(fed.Write{Versions: []int64{2}}), fed.NotFound)
		wantKind(t, ways.remove(fed.Write{Versions: []int64{2}}), fed.NotFound)
	}
}

// Also among those who waited for the row while somebody else changed it.
func TestOfChangesToOneVersionOneIsMade(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	end := db.Hold(`SELECT FROM pols WHERE id = '1' FOR UPDATE`)
	done := make(chan []error)
	go func() {
		done <- atOnce(4, func(i int) error {
			_, err := db.ChangePage(t.Context(), fed.Write{Versions: []int64{1}}, "A", "1", fed.Record(fmt.Sprintf(`{"n": %d}`, i)))
			return err
		})
	}()
	db.AwaitWaiting(4)
	end("COMMIT")
	made := 0
	for _, err := range <-done {
		if err == nil {
			made++
			continue
		}
		wantOther(t, "the later", err, 2)
	}
	wantText(t, fmt.Sprint(made, db.Text(`SELECT version::text FROM pols WHERE id = '1'`)), nil, "12")
}

func TestAConditionOfACreationCountsBeforeItsContent(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	versionTwo(t, db)
	for _, data := range []string{`{"second": 0}`, `{}`, `{"other": 1}`} {
		r := fed.Record(data)
		for name, create := range map[string]func(w fed.Write) error{
			"person": func(w fed.Write) error {
				_, created, err := db.CreatePerson(t.Context(), w, "X", r, nothing)
				if err == nil && !created {
					_, err = db.RepeatedPerson(t.Context(), w, "X", r, nothing)
				}
				return err
			},
			"page": func(w fed.Write) error { _, _, err := db.CreatePage(t.Context(), w, "A", "x", r); return err },
			"unit": func(w fed.Write) error {
				_, _, err := db.Registry(fed.Unit).Create(t.Context(), w, "x", r, nothing)
				return err
			},
			"document": func(w fed.Write) error {
				_, _, _, err := db.CreateDocument(t.Context(), w, upload("x", true, []byte("bytes")))
				return err
			},
		} {
			t.Run(name, func(t *testing.T) {
				for _, w := range unmet {
					wantOther(t, name, create(w), 2)
				}
			})
		}
	}
	_, _, err := db.CreatePage(t.Context(), fed.Write{New: true}, "B", "x", nothing)
	wantKind(t, err, fed.Conflict) // in this book there is none
}

func TestARecordThatMustBeThereIsNotCreated(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	old := fed.Write{Old: true}
	_, created, err := db.CreatePerson(t.Context(), old, "N", nothing, nothing)
	if created || err != nil {
		t.Errorf("created %v, %v", created, err)
	}
	_, err = db.RepeatedPerson(t.Context(), old, "N", nothing, nothing)
	wantOther(t, "person", err, 0)
	_, _, err = db.CreatePage(t.Context(), old, "A", "n", nothing)
	wantOther(t, "page", err, 0)
	_, _, err = db.CreatePage(t.Context(), old, "B", "1", fed.Record(pageOne))
	wantOther(t, "page of another book", err, 0)
	_, _, err = db.Registry(fed.Unit).Create(t.Context(), old, "n", nothing, nothing)
	wantOther(t, "unit", err, 0)
	_, _, _, err = db.CreateDocument(t.Context(), old, upload("n", true, []byte("bytes")))
	wantOther(t, "document", err, 0)
	if _, _, err = db.CreatePage(t.Context(), old, "A", "1", fed.Record(pageOne)); err != nil {
		t.Error(err)
	}
}
