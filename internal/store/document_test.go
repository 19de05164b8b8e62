// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

var documentX = store.DocumentKey{Person: "A", Page: "1", ID: "x"}

// newDocuments makes a book with document x, "bytes", and others' odd ones.
func newDocuments(t *testing.T) *testdb.DB {
	t.Helper()
	db := newBook(t)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('2', 'A', '{}')`)
	db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ('x', 'A', '1', 'bytes', '{"n": 1}'),
		('bare', 'A', '2', NULL, '{"n": 2}'), ('pageless', 'A', NULL, 'b', '{}'), ('null', 'A', '1', 'b', NULL),
		('list', 'A', '1', 'b', '[]'), ('nobody''s', NULL, '1', 'b', '{}'), ('B''s', 'B', '1', 'b', '{}')`)
	return db
}

func TestDocumentsAreListedByPersonAndPage(t *testing.T) {
	t.Parallel()
	db := newDocuments(t)
	for key, want := range map[[2]string][]string{
		{"A", ""}:      {`bare of 2 {"n": 2}`, `pageless of none {} with 1 bytes`, `x of 1 {"n": 1} with 5 bytes`},
		{"A", "1"}:     {`x of 1 {"n": 1} with 5 bytes`},
		{"A", "2"}:     {`bare of 2 {"n": 2}`},
		{"B", "1"}:     {`B's of 1 {} with 1 bytes`},
		{"B", "2"}:     nil,
		{"nobody", ""}: nil,
	} {
		var got []string
		err := db.For(fed.Operator).EachDocument(t.Context(), key[0], key[1], store.Keyset[string]{}, eager, func(e store.DocumentEntry) error {
			got = append(got, described(t, e, key[0]))
			return nil
		})
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v: %v: %s", key, err, diff)
		}
	}
}

func described(t *testing.T, e store.DocumentEntry, owner string) string {
	t.Helper()
	if e.Person == nil || *e.Person != owner {
		t.Errorf("%s is not %s's", e.ID, owner)
	}
	page, bytes := "none", ""
	if e.Page != nil {
		page = *e.Page
	}
	if e.HasBytes {
		bytes = fmt.Sprintf(" with %d bytes", e.Size)
	}
	return fmt.Sprintf("%s of %s %s%s", e.ID, page, e.Data, bytes)
}

func TestADocumentIsDescribedByItsStoredBytes(t *testing.T) {
	t.Parallel()
	db := newDocuments(t)
	long := strings.Repeat("0123456789", 60)
	db.Exec(`UPDATE personal_docs SET document = $1 WHERE id = 'x'`, []byte(long))
	sum := sha512.Sum512([]byte(long))
	want := store.Document{Data: fed.Record(`{"n": 1}`), Version: 2, Size: 600, SHA512: sum[:], Start: []byte(long[:512])}
	got, err := db.For(fed.Operator).Document(t.Context(), documentX)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v: %s", err, diff)
	}
}

func TestOnlyADocumentOfThisPageAndPersonIsFound(t *testing.T) {
	t.Parallel()
	db := newDocuments(t)
	for _, key := range []store.DocumentKey{
		{"B", "1", "x"}, {"A", "2", "x"}, {"A", "1", "y"}, {"A", "", "pageless"}, {"", "1", "nobody's"}, {"A", "1", "B's"},
	} {
		_, err := db.For(fed.Operator).Document(t.Context(), key)
		wantKind(t, err, fed.NotFound)
		_, err = db.ChangeDocument(t.Context(), nobody, key, fed.Record(`{"n": 2}`))
		wantKind(t, err, fed.NotFound)
		wantKind(t, db.DeleteDocument(t.Context(), nobody, key), fed.NotFound)
	}
	for _, key := range []store.DocumentKey{{"A", "2", "bare"}, {"A", "1", "null"}, {"A", "1", "list"}} {
		_, err := db.For(fed.Operator).Document(t.Context(), key)
		wantKind(t, err, fed.NotFound)
	}
	wantText(t, db.Text(`SELECT count(*)::text FROM personal_docs`), nil, "7")
}

func TestADocumentIsDeletedOnce(t *testing.T) {
	t.Parallel()
	db := newDocuments(t)
	if err := db.DeleteDocument(t.Context(), nobody, documentX); err != nil {
		t.Error(err)
	}
	wantKind(t, db.DeleteDocument(t.Context(), nobody, documentX), fed.NotFound)
	wantText(t, db.Text(`SELECT count(*)::text FROM personal_docs`), nil, "6")
}

// A document may say its hash; one that does not has the hash of its bytes.
func TestAPatchMayRepeatTheHashButNotChangeIt(t *testing.T) {
	t.Parallel()
	db := newDocuments(t)
	sum := sha512.Sum512([]byte("bytes"))
	hash := hex.EncodeToString(sum[:])
	for _, c := range []struct {
		stored, patch string
		want          fed.Kind
	}{
		{`{}`, `{"n": 2}`, allowed},
		{`{}`, `{"hash": "` + hash + `"}`, allowed},
		{`{}`, `{"hash": "` + strings.ToUpper(hash) + `"}`, allowed},
		{`{}`, `{"hash": "ab"}`, fed.Invalid},
		{`{}`, `{"hash": null}`, fed.Invalid},
		{`{"hash": "AB"}`, `{"hash": "ab"}`, allowed},
		{`{"hash": "ab"}`, `{"n": 2}`, allowed},
		{`{"hash": "ab"}`, `{"hash": "` + hash + `"}`, fed.Invalid},
		{`{"hash": "ab"}`, `{"hash": null}`, fed.Invalid},
		{`{"hash": "5"}`, `{"hash": {}}`, fed.Invalid},
	} {
		t.Run(c.stored, func(t *testing.T) {
			db.Exec(`UPDATE personal_docs SET data = $1 WHERE id = 'x'`, c.stored)
			_, err := db.ChangeDocument(t.Context(), nobody, documentX, fed.Record(c.patch))
			wantOutcome(t, err, c.want)
			if changed := db.Text(`SELECT data::text FROM personal_docs WHERE id = 'x'`) != c.stored; changed != (c.want == allowed) {
				t.Errorf("%s with %s: changed %v", c.stored, c.patch, changed)
			}
		})
	}
	wantText(t, db.Text(`SELECT encode(document, 'escape') FROM personal_docs WHERE id = 'x'`), nil, "bytes")
}
