// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"cmp"
	"context"
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// pageDocuments is how many documents a page shows.
const pageDocuments = 50

// documentLinks are the documents of a page.
type documentLinks struct {
	Shown bool // the caller may see them
	Links []documentLink
	More  bool   // there are others
	Add   string // href; "": the caller may add none
}

type documentLink struct {
	Path  string // href; "": there are no bytes, or the caller may not have them
	Title label
	Type  string
	Size  string // "": there are no bytes
}

// documentsOf gives the documents of a page, if the caller may see them.
func (p books) documentsOf(r *http.Request, c *gate.Caller, page string) (shown documentLinks, err error) {
	shown.Shown = c.May(http.MethodGet, access.PolDocs)
	if !shown.Shown {
		return shown, nil
	}

	if c.May(http.MethodPost, access.PolDocs) {
		shown.Add = c.Path(personPath(c, "page", page, "documents")...)
	}

	part := store.Keyset[string]{Limit: pageDocuments, More: func(string) { shown.More = true }}
	err = p.Store.For(c.Reader()).EachDocument(r.Context(), c.Subject, page, part, wholeList{}, func(e store.DocumentEntry) error {
		shown.Links = append(shown.Links, newDocumentLink(c, e))
		return nil
	})
	return shown, err
}

// newDocumentLink names a document by what is said of it, or by its id.
func newDocumentLink(c *gate.Caller, e store.DocumentEntry) documentLink {
	texts := pageTexts(e.Data)
	link := documentLink{
		Title: label{Text: cut(cmp.Or(texts["description"], texts["filename"], e.ID), maxExcerpt)},
		Type:  cut(cmp.Or(texts["content_type"], texts["type"]), maxExcerpt),
	}
	if e.HasBytes {
		link.Size = sizeText(e.Size)
	}
	if e.HasBytes && e.Page != nil && c.May(http.MethodGet, access.Document) {
		link.Path = c.Path(personPath(c, "document", *e.Page, e.ID)...)
	}
	return link
}

// wholeList is a store.Flow of a short list that is shown at once.
type wholeList struct{}

// ReservePiece is store.Flow's.
func (wholeList) ReservePiece(_ context.Context, needed int64) (int64, error) {
	return max(store.PieceBytes, needed), nil
}

// AcquireSlot is store.Flow's.
func (wholeList) AcquireSlot(context.Context) error { return nil }

// ReserveStream is store.Flow's.
func (wholeList) ReserveStream(context.Context) error { return nil }

// Flush is store.Flow's.
func (wholeList) Flush() bool { return true }
