// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// patch changes any record.
var patch = fed.Record(`{"n": 1}`)

// Whoever cannot read a page cannot tell by writing whether it is there.
func TestWritesToAWithheldPageAreAnsweredAsIfItWereNotThere(t *testing.T) {
	t.Parallel()
	db := newDocuments(t)
	db.Exec(deniesAll, "A")
	by := fed.Write{Account: "STRANGER", Request: "r"}
	old := by
	old.Old = true

	page, document := "1", store.DocumentKey{Person: "A", Page: "1", ID: "x"}
	before := db.Text(`SELECT concat((SELECT array_agg(pols) FROM pols), (SELECT array_agg(data) FROM personal_docs))`)
	for name, write := range map[string]func(by fed.Write, page string, document store.DocumentKey) error{
		"change": func(by fed.Write, page string, _ store.DocumentKey) error {
			_, err := db.ChangePage(t.Context(), by, "A", page, patch)
			return err
		},
		"removal": func(by fed.Write, page string, _ store.DocumentKey) error {
			return db.DeletePage(t.Context(), by, "A", page)
		},
		"change of a document": func(by fed.Write, _ string, document store.DocumentKey) error {
			_, err := db.ChangeDocument(t.Context(), by, document, patch)
			return err
		},
		"removal of a document": func(by fed.Write, _ string, document store.DocumentKey) error {
			return db.DeleteDocument(t.Context(), by, document)
		},
		"upload": func(by fed.Write, page string, _ store.DocumentKey) error {
			key := store.DocumentKey{Person: "A", Page: page, ID: "new"}
			_, _, _, err := db.CreateDocument(t.Context(), by, store.Upload{Key: key, Named: true, Data: patch, Filled: nothing, Content: strings.NewReader("x"), Size: 1, SHA512: digestOfX[:]})
			return err
		},
		"repetition": func(_ fed.Write, page string, _ store.DocumentKey) error {
			_, _, err := db.CreatePage(t.Context(), old, "A", page, patch)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			withheld, missing := write(by, page, document), write(by, "none", store.DocumentKey{Person: "A", Page: "none", ID: "none"})
			if withheld == nil || missing == nil || withheld.Error() != missing.Error() || fed.KindOf(withheld) != fed.KindOf(missing) {
				t.Errorf("withheld: %v; missing: %v", withheld, missing)
			}
			if diff := cmp.Diff(before, db.Text(`SELECT concat((SELECT array_agg(pols) FROM pols), (SELECT array_agg(data) FROM personal_docs))`)); diff != "" {
				t.Errorf("it was written: %s", diff)
			}
		})
	}
}

// The same is said of a page of somebody else.
func TestANewPageWithTheIDOfAWithheldOneIsAConflict(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('2', 'B', '{}')`)
	db.Exec(deniesAll, "A")
	for id, content := range map[string]string{"1": pageOne, "2": "{}"} {
		_, _, err := db.CreatePage(t.Context(), fed.Write{Account: "STRANGER"}, "A", id, fed.Record(content))
		wantKind(t, err, fed.Conflict)
		if err.Error() != "Another page has this id." {
			t.Errorf("page %s: %v", id, err)
		}
	}

	_, _, err := db.CreatePage(t.Context(), fed.Write{Account: "A"}, "A", "1", fed.Record(pageOne))
	must(t, err)
}

func TestTheAccessRecordNamesNoWithheldPage(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(deniesAll, "A")
	db.Exec(`SELECT thalamus_access_copy('f', 0, 1, false, '[{"time": "2026-05-31T00:00:00Z", "account": "DOCTOR", "roles": [], "method": "GET", "endpoint": "document",
		"person": "A", "page": "1", "document": "d", "persons": [], "everybody": false, "status": 200}]')`)
	for reader, want := range map[string]string{"A": "1 d", "AUDITOR": " "} {
		for _, q := range []store.AccessQuery{{Person: "A"}, {Account: "DOCTOR"}} {
			lines := 0
			must(t, db.For(fed.Reader{Account: reader}).Accesses(t.Context(), q, store.Keyset[store.AccessKey]{}, eager, func(a store.Access) error {
				lines++
				wantText(t, a.Page+" "+a.Document, nil, want)
				return nil
			}))
			if lines != 1 {
				t.Errorf("%s sees %d lines of %+v", reader, lines, q)
			}
		}
	}
}

func TestAPersonsStatementsAreErasedWithThePerson(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(deniesAll, "A")
	db.Exec(deniesAll, "B")
	db.Exec(`INSERT INTO thalamus_emergencies (id, person, account, purpose, reason, finding, until) VALUES ('1', 'A', 'DOCTOR', 'ETREAT', 'her secret', 'another', now())`)
	_, err := db.Erase(t.Context(), nobody, "A")
	must(t, err)
	wantText(t, db.Text(`SELECT string_agg(person, ',') FROM thalamus_consents`), nil, "B")
	wantText(t, db.Text(`SELECT concat(person, account, reason, finding) FROM thalamus_emergencies`), nil, "ADOCTOR")
}

// An id may be used again, by somebody else.
func TestNobodyActsByTheIDOfSomebodyWhoIsGone(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string]string{
		"the person": `DELETE FROM personal_docs WHERE fedacct = 'A'; DELETE FROM pols WHERE book = 'A'; DELETE FROM people WHERE id = 'A'; INSERT INTO people (id, data) VALUES ('A', '{}')`,
		"the proxy":  `DELETE FROM people WHERE id = 'MOTHER'; INSERT INTO people (id, data) VALUES ('MOTHER', '{}')`,
		"renamed":    `UPDATE people SET id = 'AUNT' WHERE id = 'MOTHER'; INSERT INTO people (id, data) VALUES ('MOTHER', '{}')`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newBook(t)
			db.Exec(`INSERT INTO people (id, data) VALUES ('MOTHER', '{}')`)
			db.Exec(`INSERT INTO thalamus_consents (id, person, scope, who, effect) VALUES ('1', 'A', '*', 'account:MOTHER', 'act'), ('2', 'A', '*', 'account:MOTHER', 'permit')`)
			acts, err := db.Acts(t.Context(), "MOTHER", "A")
			if err != nil || !acts {
				t.Fatalf("she does not act: %v", err)
			}

			db.Exec(gone)
			acts, err = db.Acts(t.Context(), "MOTHER", "A")
			if err != nil || acts {
				t.Errorf("she still acts: %v", err)
			}
			wantText(t, db.Text(`SELECT string_agg(id, ',') FROM thalamus_consents WHERE ended IS NULL`), nil, "2")
		})
	}
}
