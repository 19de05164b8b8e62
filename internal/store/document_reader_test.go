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
	document, err := db.For(fed.Operator).Document(t.Context(), documentX)
	if err != nil {
		t.Fatal(err)
	}
	return db, document, content
}

func TestContentIsAReadSeekerOfTheStoredBytes(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 512 << 10, 512<<10 + 1} {
		db, document, content := newContent(t, size)
		if err := iotest.TestReader(db.For(fed.Operator).OpenDocument(t.Context(), documentX, document, nil), content); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

func TestContentIsReadInPieces(t *testing.T) {
	t.Parallel()
	db, document, content := newContent(t, 3<<19)
	n, err := db.For(fed.Operator).OpenDocument(t.Context(), documentX, document, nil).Read(make([]byte, len(content)))
	if n != 512<<10 || err != nil {
		t.Errorf("one Read took %d bytes: %v", n, err)
	}
}

func TestContentSeeks(t *testing.T) {
	t.Parallel()
	db, document, content := newContent(t, 2<<20)
	c := db.For(fed.Operator).OpenDocument(t.Context(), documentX, document, nil)
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
	c := db.For(fed.Operator).OpenDocument(t.Context(), documentX, document, nil)
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

// The reader would get the beginning of one and the end of the other.
func TestContentThatIsAnotherInMidReadIsAnError(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"emptied":                 `UPDATE personal_docs SET document = '' WHERE id = 'x'`,
		"taken away":              `UPDATE personal_docs SET document = NULL WHERE id = 'x'`,
		"cut":                     `UPDATE personal_docs SET document = substring(document FOR 600000) WHERE id = 'x'`,
		"another of the size":     `UPDATE personal_docs SET document = set_byte(document, 0, 255 - get_byte(document, 0)) WHERE id = 'x'`,
		"deleted and there again": `DELETE FROM personal_docs WHERE id = 'x'; INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ('x', 'A', '1', convert_to(repeat('x', 1 << 20), 'UTF8'), '{}')`,
	} {
		t.Run(name, func(t *testing.T) {
			db, document, _ := newContent(t, 1<<20)
			c := db.For(fed.Operator).OpenDocument(t.Context(), documentX, document, nil)
			if _, err := io.CopyN(io.Discard, c, 1000); err != nil {
				t.Fatal(err)
			}
			db.Exec(change)
			_, err := io.Copy(io.Discard, c)
			if fed.KindOf(err) != fed.NotFound || fed.KindOf(c.Err) != fed.NotFound {
				t.Errorf("%v, %v", err, c.Err)
			}
		})
	}
}

func TestContentThatStaysIsReadToItsEndWhateverIsSaidAboutIt(t *testing.T) {
	t.Parallel()
	db, document, content := newContent(t, 1<<20)
	c := db.For(fed.Operator).OpenDocument(t.Context(), documentX, document, nil)
	start := make([]byte, 1000)
	_, err := io.ReadFull(c, start)
	db.Exec(`UPDATE personal_docs SET data = '{"n": 2}' WHERE id = 'x'`)
	rest, restErr := io.ReadAll(c)
	if err != nil || restErr != nil || !bytes.Equal(append(start, rest...), content) {
		t.Errorf("other bytes came: %v, %v", err, restErr)
	}
}

func TestOfPartsNoMoreIsFetchedThanTheyHave(t *testing.T) {
	t.Parallel()
	db, document, content := newContent(t, 2<<20)
	c := db.For(fed.Operator).OpenDocument(t.Context(), documentX, document, []store.Part{{Start: 10, End: 12}, {Start: 1 << 20, End: 2 << 20}})
	for offset, want := range map[int64]int{10: 2, 11: 1, 1 << 20: 512 << 10, 2<<20 - 5: 5, 12: 512 << 10} {
		got := make([]byte, len(content))
		_, err := c.Seek(offset, io.SeekStart)
		n, readErr := c.Read(got)
		if err != nil || readErr != nil || n != want || !bytes.Equal(got[:n], content[offset:][:n]) {
			t.Errorf("from %d on %d bytes were fetched, want %d: %v, %v", offset, n, want, err, readErr)
		}
	}
}

// More readers than connections: each would wait for ever if the others kept theirs.
func TestSlowReadersHoldNoConnection(t *testing.T) {
	t.Parallel()
	db, document, _ := newContent(t, 1<<20)
	var readers []*store.DocumentReader
	for range 12 {
		readers = append(readers, db.For(fed.Operator).OpenDocument(t.Context(), documentX, document, nil))
	}
	for _, c := range readers {
		if _, err := c.Read(make([]byte, 1)); err != nil {
			t.Error(err)
		}
	}
}
