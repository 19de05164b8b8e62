// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"net/url"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// documents are the screens of documents, and the download of everything.
type documents struct{ *Portal }

// listedDocuments is how many documents are shown at a time.
const listedDocuments = 25

// documentList is a part of the documents of a person, or of one page.
type documentList struct {
	Person   string // whose they are; "": the caller's own
	Entries  []documentEntry
	Pager    pager
	Book     string      // href
	Page     string      // href of the page whose documents they are; "": of all pages
	Download string      // href of all that is stored; "": it is somebody else's
	Upload   *uploadForm // nil: of all pages, or the caller may add none
	MayAdd   bool        // to a page
}

// documentEntry is a document with the page that it hangs on.
type documentEntry struct {
	documentLink
	Page   *pageLink // nil: it hangs on none, or the caller may not read it
	pageID string
}

// getDocuments lists the documents of a person, or of one page with a form for another one.
func (p documents) getDocuments(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	return p.showDocuments(w, r, c, http.StatusOK, message{})
}

func (p documents) showDocuments(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, wrong message) error {
	page := c.Param("page")
	if page != "" {
		if _, err := p.Store.For(c.Reader()).Page(r.Context(), c.Subject, page); err != nil {
			return err
		}
	}

	shown, err := p.readDocuments(r, c, page)
	if err != nil {
		return err
	}
	if len(shown.Entries) == 0 && !c.Own {
		if err := p.requirePerson(r, c.Subject); err != nil {
			return err
		}
	}

	shown.MayAdd = c.May(http.MethodPost, access.PolDocs)
	if page != "" && shown.MayAdd {
		shown.Upload = newUploadForm(c.Path(personPath(c, "page", page, "documents")...), p.Inbox.Most(), wrong)
	}
	return p.reply(w, r, c, status, view{Template: "documents", Title: say("documents.title"), Data: shown})
}

// everythingPath leads to the download of all that is stored; "": it is not offered.
func everythingPath(c *gate.Caller) string {
	if !c.Own || !c.May(http.MethodGet, access.PersonalDocs) {
		return ""
	}
	return c.Path("portal", "documents") + "#everything"
}

// readDocuments reads the part that the query asks for.
func (p documents) readDocuments(r *http.Request, c *gate.Caller, page string) (shown documentList, err error) {
	path := personPath(c, "documents")
	if page != "" {
		path = personPath(c, "page", page, "documents")
		shown.Page = c.Path(personPath(c, "page", page)...)
	}
	if c.Own {
		shown.Download = c.Path("portal", "download")
	}
	shown.Person, shown.Book = otherPerson(c), c.Path(personPath(c, "book")...)

	next := ""
	part := store.Keyset[string]{Limit: listedDocuments, More: func(last string) { next = last }}
	place := r.URL.Query().Get("after")
	err = readAfter(place, func(id string) (string, bool) { return id, true }, &part)
	if err != nil {
		return shown, err
	}

	err = p.Store.For(c.Reader()).EachDocument(r.Context(), c.Subject, page, part, wholeList{}, func(e store.DocumentEntry) error {
		entry := documentEntry{documentLink: newDocumentLink(c, e)}
		if e.Page != nil {
			entry.pageID = *e.Page
		}
		shown.Entries = append(shown.Entries, entry)
		return nil
	})
	if err != nil {
		return shown, err
	}

	err = p.dateDocuments(r, c, shown.Entries)
	shown.Pager = newPager(c.Path(path...), url.Values{}, place, next)
	return shown, err
}

// dateDocuments tells of which page, and so of when, each document is, if the caller may read pages.
func (p documents) dateDocuments(r *http.Request, c *gate.Caller, shown []documentEntry) error {
	if !c.May(http.MethodGet, access.Page) {
		return nil
	}

	var ids []string
	for _, e := range shown {
		ids = append(ids, e.pageID)
	}
	dates, err := p.Store.For(c.Reader()).PageDates(r.Context(), c.Subject, ids)
	for i, e := range shown {
		shown[i].Page = newPageLink(c, e.pageID, dates)
	}
	return err
}
