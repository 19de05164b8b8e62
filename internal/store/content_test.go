// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// newContent makes a book whose document x has that many bytes.
func newContent(t *testing.T, size int) (*testdb.DB, store.Document, []byte) {
	t.Helper()
	db := newDocuments(t)
	content := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{}).Read(content)
	db.Exec(`UPDATE personal_docs SET document = $1 WHERE id = 'x'`, content)
	document, err := db.Document(t.Context(), documentX)
	if err != nil {
		t.Fatal(err)
	}
	return db, document, content
}

func TestContentIsAReadSeekerOfTheStoredBytes(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 512 << 10, 512<<10 + 1} {
		db, document, content := newContent(t, size)
		if err := iotest.TestReader(db.OpenDocument(t.Context(), documentX, document), content); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

func TestContentIsReadInPieces(t *testing.T) {
	t.Parallel()
	db, document, content := newContent(t, 3<<19)
	n, err := db.OpenDocument(t.Context(), documentX, document).Read(make([]byte, len(content)))
	if n != 512<<10 || err != nil {
		t.Errorf("one Read took %d bytes: %v", n, err)
	}
}

func TestContentSeeks(t *testing.T) {
	t.Parallel()
	db, document, content := newContent(t, 2<<20)
	c := db.OpenDocument(t.Context(), documentX, document)
	for _, s := range []struct {
		offset int64
		whence int
		want   int64
	}{
		{1 << 20, io.SeekStart, 1 << 20}, {-7, io.SeekEnd, 2<<20 - 7}, {-1 << 20, io.SeekCurrent, 1<<20 - 7 + 4}, {0, io.SeekStart, 0},
	} {
		got, err := c.Seek(s.offset, s.whence)
		if got != s.want || err != nil {
			t.Fatalf("%+v: at %d, %v", s, got, err)
		}
		piece := make([]byte, 4)
		if _, err := io.ReadFull(c, piece); err != nil || !bytes.Equal(piece, content[got:got+4]) {
			t.Errorf("%+v: read %x, %v", s, piece, err)
		}
	}
	if _, err := c.Seek(-1, io.SeekStart); err == nil {
		t.Error("seeks before the start")
	}
	if _, err := c.Seek(1, io.SeekEnd); err != nil {
		t.Error(err)
	}
	if n, err := c.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("behind the end: %d, %v", n, err)
	}
}

func TestContentThatIsGoneInMidReadIsAnError(t *testing.T) {
	t.Parallel()
	db, document, _ := newContent(t, 1<<20)
	c := db.OpenDocument(t.Context(), documentX, document)
	if _, err := io.CopyN(io.Discard, c, 1000); err != nil {
		t.Fatal(err)
	}
	if err := db.DeleteDocument(t.Context(), nobody, documentX); err != nil {
		t.Fatal(err)
	}
	_, err := io.Copy(io.Discard, c)
	wantKind(t, err, fed.NotFound)
	wantKind(t, c.Err, fed.NotFound)
}

func TestContentThatIsCutInMidReadIsAnError(t *testing.T) {
	t.Parallel()
	for _, cut := range []string{"''", "NULL", "substring(document FOR 600000)"} {
		db, document, _ := newContent(t, 1<<20)
		c := db.OpenDocument(t.Context(), documentX, document)
		if _, err := io.CopyN(io.Discard, c, 1000); err != nil {
			t.Fatal(err)
		}
		db.Exec(`UPDATE personal_docs SET document = ` + cut + ` WHERE id = 'x'`)
		_, err := io.Copy(io.Discard, c)
		if !errors.Is(err, io.ErrUnexpectedEOF) || !errors.Is(c.Err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v, %v", cut, err, c.Err)
		}
	}
}

// More readers than connections: each would wait for ever if the others kept theirs.
func TestSlowReadersHoldNoConnection(t *testing.T) {
	t.Parallel()
	db, document, _ := newContent(t, 1<<20)
	var readers []*store.Content
	for range 12 {
		readers = append(readers, db.OpenDocument(t.Context(), documentX, document))
	}
	for _, c := range readers {
		if _, err := c.Read(make([]byte, 1)); err != nil {
			t.Error(err)
		}
	}
}
