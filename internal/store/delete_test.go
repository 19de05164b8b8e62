// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
)

func TestNobodyCannotBeDeleted(t *testing.T) {
	t.Parallel()
	err := testdb.New(t).DeletePerson(t.Context(), nobody, "nobody")
	wantKind(t, err, fed.NotFound)
	if err != nil && err.Error() != "User does not exist" {
		t.Errorf("the sentence is %q", err)
	}
}

func TestOnlyWhoIsMadeInactiveCanBeDeleted(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, data := range []string{`{}`, `{"active": true}`, `{"active": null}`, `null`, `[false]`} {
		db.Exec(`INSERT INTO people (id, data) VALUES ('A', $1) ON CONFLICT (id) DO UPDATE SET data = excluded.data`, data)
		err := db.DeletePerson(t.Context(), nobody, "A")
		wantKind(t, err, fed.Invalid)
		if err != nil && err.Error() != "The user is active." {
			t.Errorf("the sentence is %q", err)
		}
	}
	db.Exec(`UPDATE people SET data = NULL`)
	wantKind(t, db.DeletePerson(t.Context(), nobody, "A"), fed.Invalid)
	for _, data := range []string{`{"active": "false"}`, `{"active": "true"}`, `{"active": 0}`, `{"active": false}`} {
		db.Exec(`INSERT INTO people (id, data) VALUES ('A', $1) ON CONFLICT (id) DO UPDATE SET data = excluded.data`, data)
		if err := db.DeletePerson(t.Context(), nobody, "A"); err != nil {
			t.Errorf("%s: %v", data, err)
		}
	}
	wantText(t, db.Text(`SELECT count(*)::text FROM people`), nil, "0")
}

func TestAPersonWithPagesOrDocumentsCannotBeDeleted(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`UPDATE people SET data = data || '{"active": false}'`)
	wantKind(t, db.DeletePerson(t.Context(), nobody, "A"), fed.Conflict)
	db.Exec(`INSERT INTO personal_docs (id, fedacct) VALUES ('d', 'B')`)
	wantKind(t, db.DeletePerson(t.Context(), nobody, "B"), fed.Conflict)
	wantText(t, db.Text(`SELECT count(*)::text FROM people`), nil, "2")
	db.Exec(`DELETE FROM personal_docs`)
	if err := db.DeletePerson(t.Context(), nobody, "B"); err != nil {
		t.Error(err)
	}
}

func TestAPageIsDeletedFromItsOwnBookOnly(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	wantKind(t, db.DeletePage(t.Context(), nobody, "B", "1"), fed.NotFound)
	wantKind(t, db.DeletePage(t.Context(), nobody, "A", "2"), fed.NotFound)
	wantText(t, db.Text(`SELECT count(*)::text FROM pols`), nil, "1")
	if err := db.DeletePage(t.Context(), nobody, "A", "1"); err != nil {
		t.Error(err)
	}
	wantKind(t, db.DeletePage(t.Context(), nobody, "A", "1"), fed.NotFound)
}

func TestAPageWithDocumentsCannotBeDeleted(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`INSERT INTO personal_docs (id, pol) VALUES ('d', '1')`)
	wantKind(t, db.DeletePage(t.Context(), nobody, "A", "1"), fed.Conflict)
	wantText(t, db.Text(`SELECT count(*)::text FROM pols`), nil, "1")
}
