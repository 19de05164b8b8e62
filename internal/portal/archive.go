// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"archive/zip"
	"compress/flate"
	"context"
	"io"
	"net/http"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// archive is all that is stored about a person, on its way into a ZIP. The records are in it
// byte by byte as the API gives them:
//
//	person.json      as GET /people/{person}
//	book.jsonl       a page on each line, the newest first, as GET /pols/{person}/{page}
//	documents.jsonl  on each line {"file", "entry"}: the file of the bytes in the ZIP, or null, and
//	                 the entry of GET /personal_docs/{person}, in its order
//	history.jsonl    a change on each line, as in the histories of the person and of each page
//	access.jsonl     an access on each line, as GET /people/{person}/access
//	index.html       the same for people
//	documents/       the bytes
//
// What the caller's roles do not allow is missing, and index.html says so.
type archive struct {
	ctx    context.Context //nolint:containedctx // of the one request that it is made for
	c      *gate.Caller
	store  store.View
	pieces *gate.Pieces
	zip    *zip.Writer

	language *language
	person   fed.Record
	begun    time.Time

	documents []archivedDocument
	missing   []message
}

func newArchive(ctx context.Context, c *gate.Caller, view store.View, pieces *gate.Pieces, out io.Writer) *archive {
	a := &archive{ctx: ctx, c: c, store: view, pieces: pieces, zip: zip.NewWriter(out)}
	a.zip.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(to, flate.BestSpeed) // most documents are compressed already
	})
	return a
}

// write writes the files one after another.
func (a *archive) write() error {
	for _, part := range []func() error{
		a.writePerson, a.writeBook, a.writeDocumentList, a.writeHistory, a.writeAccess, a.writeIndex, a.writeDocuments,
	} {
		if err := part(); err != nil {
			return err
		}
	}
	return a.zip.Close()
}

const personFile = "person" + ".json"

// create begins the next file. The one before has its end.
func (a *archive) create(name string) (io.Writer, error) {
	return a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.begun})
}

// writeLines writes a file of JSON lines, which each hands on while it reads a list.
func (a *archive) writeLines(name string, each func(add func(line []byte) error) error) error {
	file, err := a.create(name + ".jsonl")
	if err != nil {
		return err
	}

	err = each(func(line []byte) error {
		own := append(append(make([]byte, 0, len(line)+1), line...), '\n')
		return a.pieces.Keep(func() error {
			_, err := file.Write(own)
			return err
		})
	})
	if err != nil {
		return err
	}
	return a.pieces.Write()
}

func (a *archive) writePerson() error {
	file, err := a.create(personFile)
	if err != nil {
		return err
	}
	_, err = file.Write(a.person)
	return err
}

// book is the whole book, the newest page first.
func (a *archive) book() store.BookQuery {
	return store.BookQuery{Books: []string{a.c.Subject}, Descending: true}
}

func (a *archive) writeBook() error {
	if !a.allows(access.Book) {
		a.missing = append(a.missing, say("archive.no_book"))
		return nil
	}
	return a.writeLines("book", func(add func([]byte) error) error {
		return a.store.EachPageOf(a.ctx, a.book(), store.Keyset[store.BookKey]{}, a.pieces, func(page fed.Record) error { return add(page) })
	})
}

// writeHistory asks for one role that grants the histories of both, as those of each do.
func (a *archive) writeHistory() error {
	reach := a.c.Reach(http.MethodGet, access.History, access.Person, access.Page)
	if reach == access.NoRecords {
		a.missing = append(a.missing, say("archive.no_history"))
		return nil
	}
	return a.writeLines("history", func(add func([]byte) error) error {
		return a.store.BookHistory(a.ctx, a.c.Subject, reach == access.AllRecords, a.pieces, func(e store.HistoryEntry) error {
			return add(gate.HistoryText(e))
		})
	})
}

// accesses are those until the download was begun.
func (a *archive) accesses() store.AccessQuery {
	return store.AccessQuery{Person: a.c.Subject, To: a.begun}
}

func (a *archive) writeAccess() error {
	switch {
	case !a.allows(access.Access):
		a.missing = append(a.missing, say("archive.no_access"))
		return nil
	case !a.c.AccessIndexed():
		a.missing = append(a.missing, say("archive.access_not_kept"))
		return nil
	}

	auditor := a.c.Reach(http.MethodGet, access.Access) == access.AllRecords
	return a.writeLines("access", func(add func([]byte) error) error {
		return a.store.Accesses(a.ctx, a.accesses(), store.Keyset[store.AccessKey]{}, a.pieces, func(e store.Access) error {
			return add(gate.AppendAccess(nil, e, auditor))
		})
	})
}

// allows reports whether the caller may read what an endpoint shows.
func (a *archive) allows(endpoint access.Endpoint) bool { return a.c.May(http.MethodGet, endpoint) }
