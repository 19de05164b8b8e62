// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"bytes"
	"crypto/sha512"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// upload makes a document of A's page 1; the client named it if named.
func upload(id string, named bool, content []byte) store.Upload {
	sum := sha512.Sum512(content)
	return store.Upload{
		Key:   store.DocumentKey{Person: "A", Page: "1", ID: id},
		Named: named, Data: fed.Record(`{"id": "?", "n": 1.50}`), Filled: fed.Record(`{"id": "` + id + `"}`),
		Content: bytes.NewReader(content), Size: int64(len(content)), SHA512: sum[:],
	}
}

func wantUpload(t *testing.T, db *testdb.DB, u store.Upload, wantID string, wantCreated bool) {
	t.Helper()
	id, stored, created, err := db.CreateDocument(t.Context(), nobody, u)
	wantRecord(t, stored, err, `{"n": 1.50, "id": "`+wantID+`"}`)
	if id != wantID || created != wantCreated {
		t.Errorf("got %s, created %v; want %s, %v", id, created, wantID, wantCreated)
	}
}

func wantDocuments(t *testing.T, db *testdb.DB, want string) {
	t.Helper()
	got := db.Text(`SELECT COALESCE(string_agg(concat_ws(' ', id, fedacct, pol, encode(document, 'escape')), ', ' ORDER BY id), '') FROM personal_docs`)
	wantText(t, got, nil, want)
}

func TestADocumentIsStoredByteForByte(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for id, content := range map[string][]byte{"all": all, "empty": {}, "long": bytes.Repeat(all, 4<<10)} {
		t.Run(id, func(t *testing.T) {
			wantUpload(t, db, upload(id, true, content), id, true)
			got := db.Text(`SELECT concat_ws(' ', octet_length(document), encode(sha512(document), 'hex'), data) FROM personal_docs WHERE id = $1`, id)
			wantText(t, got, nil, fmt.Sprintf(`%d %x {"n": 1.50, "id": "%s"}`, len(content), sha512.Sum512(content), id))
		})
	}
}

func TestTheSameBytesOnTheSamePageAreTheSameDocument(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('2', 'A', '{}')`)
	wantUpload(t, db, upload("x", false, []byte("bytes")), "x", true)
	wantUpload(t, db, upload("y", false, []byte("bytes")), "x", false)
	wantUpload(t, db, upload("x", true, []byte("bytes")), "x", false)
	wantUpload(t, db, upload("named", true, []byte("bytes")), "named", true)
	wantUpload(t, db, upload("z", false, []byte("other")), "z", true)
	onAnotherPage := upload("w", false, []byte("bytes"))
	onAnotherPage.Key.Page = "2"
	wantUpload(t, db, onAnotherPage, "w", true)
	wantDocuments(t, db, "named A 1 bytes, w A 2 bytes, x A 1 bytes, z A 1 other")
}

func TestTheIDOfAnotherDocumentIsAConflict(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('2', 'A', '{}')`)
	db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ('x', 'A', '1', 'bytes', '{}'),
		('other page', 'A', '2', 'bytes', '{}'), ('other person', 'B', '1', 'bytes', '{}'), ('no bytes', 'A', '1', NULL, '{}'), ('no data', 'A', '1', 'kept', NULL)`)
	for _, u := range []store.Upload{
		upload("x", true, []byte("other")), upload("other page", true, []byte("bytes")),
		upload("other person", true, []byte("bytes")), upload("no bytes", true, nil),
		upload("no data", true, []byte("kept")), upload("x", false, []byte("made here, and taken")),
	} {
		_, _, created, err := db.CreateDocument(t.Context(), nobody, u)
		wantKind(t, err, fed.Conflict)
		if created {
			t.Errorf("%s was created", u.Key.ID)
		}
	}
	wantText(t, db.Text(`SELECT count(*)::text FROM personal_docs`), nil, "5")
}

func TestARowThatIsServedToNobodyIsNoDocumentToUploadAgain(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ('null', 'A', '1', 'bytes', NULL), ('list', 'A', '1', 'bytes', '[]')`)
	wantUpload(t, db, upload("x", false, []byte("bytes")), "x", true)
}

func TestADocumentNeedsAPageOfThisPersonsBook(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	for _, key := range []store.DocumentKey{{"B", "1", "x"}, {"A", "2", "x"}, {"nobody", "1", "x"}} {
		u := upload("x", true, []byte("bytes"))
		u.Key = key
		_, _, created, err := db.CreateDocument(t.Context(), nobody, u)
		wantKind(t, err, fed.NotFound)
		if created {
			t.Errorf("%v was created", key)
		}
	}
	wantDocuments(t, db, "")
}

func TestAnUploadThatBreaksOffLeavesNothing(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	broken := errors.New("the disk is gone")
	for _, content := range []io.ReadSeeker{strings.NewReader("short"), failing{strings.NewReader("short"), broken}} {
		u := upload("x", false, []byte("much longer than short"))
		u.Content = content
		if _, _, created, err := db.CreateDocument(t.Context(), nobody, u); created || err == nil {
			t.Errorf("created %v, %v", created, err)
		}
	}
	wantDocuments(t, db, "")
}

// failing ends with an error.
type failing struct {
	*strings.Reader
	err error
}

func (f failing) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err == io.EOF {
		err = f.err
	}
	return n, err
}

func TestEqualUploadsAtOnceMakeOneDocument(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	const n = 6
	var ids [n]string
	var creations atomic.Int32
	errs := atOnce(n, func(i int) (err error) {
		var created bool
		ids[i], _, created, err = db.CreateDocument(t.Context(), nobody, upload(fmt.Sprint("made", i), false, []byte("bytes")))
		if created {
			creations.Add(1)
		}
		return err
	})
	if err := errors.Join(errs...); err != nil || creations.Load() != 1 || len(set(ids[:])) != 1 {
		t.Errorf("created %d, ids %v: %v", creations.Load(), ids, err)
	}
	wantDocuments(t, db, ids[0]+" A 1 bytes")
}

// What has the id meanwhile, without the page's lock, is looked at after the wait for it.
func TestAnUploadWaitsForAnotherWithItsID(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ page, bytes, end, want string }{
		"on another page":          {"2", "bytes", "COMMIT", "false Another document has this id."},
		"with other bytes":         {"1", "other", "COMMIT", "false Another document has this id."},
		"with the same ones":       {"1", "bytes", "COMMIT", "false <nil>"},
		"that does not come to be": {"2", "bytes", "ROLLBACK", "true <nil>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newBook(t)
			db.Exec(`INSERT INTO pols (id, book, data) VALUES ('2', 'A', '{}')`)
			release := db.Hold(`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ('x', 'A', $1, $2, '{}')`, c.page, []byte(c.bytes))
			done := make(chan string)
			go func() {
				_, _, created, err := db.CreateDocument(t.Context(), nobody, upload("x", true, []byte("bytes")))
				done <- fmt.Sprint(created, " ", err)
			}()
			db.AwaitWaiting(1)
			release(c.end)
			wantText(t, <-done, nil, c.want)
		})
	}
}

// The page's lock, not luck, makes the second upload see the first.
func TestAnUploadWaitsForAnotherToTheSamePage(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	release := db.Hold(`WITH page AS (SELECT id FROM pols WHERE id = '1' FOR NO KEY UPDATE)
		INSERT INTO personal_docs (id, fedacct, pol, document, data) SELECT 'first', 'A', id, 'bytes', '{"id": "first"}' FROM page`)
	done := make(chan string)
	go func() {
		id, _, _, err := db.CreateDocument(t.Context(), nobody, upload("second", false, []byte("bytes")))
		done <- fmt.Sprint(id, err)
	}()
	db.AwaitWaiting(1)
	release("COMMIT")
	wantText(t, <-done, nil, fmt.Sprint("first", nil))
	wantDocuments(t, db, "first A 1 bytes")
}
