// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/measurement"
	"thalamus/internal/store"
)

// Bounds of what the home page reads.
const (
	homeNews    = 10  // pages that are new since the last visit
	homePages   = 5   // the newest, where none is new
	homeReading = 100 // pages that are looked through for the last readings
)

// home is the first page after the sign-in. A part that the caller's roles do not grant is left out.
type home struct {
	Search  *peopleSearch
	Wards   []ward
	Book    *homeBook
	Readers *homeReaders
}

// homeBook is what the caller's book has, and from where.
type homeBook struct {
	Path    string   // href
	Add     string   // href; "": the caller may not write
	All     string   // href; "": the download is not offered
	News    *homeNew // nil: this is the first visit
	Pages   []entry  // the newest; none where there is news
	Empty   bool     // there is no page
	Last    []datedReading
	Senders []store.Sender
}

// datedReading is the last reading of a kind, with the date of its page.
type datedReading struct {
	reading
	head
}

// getHome shows what is new, and the way to everything else.
func (p books) getHome(w http.ResponseWriter, r *http.Request, c *gate.Caller) (err error) {
	shown := home{Search: p.searchBox(c)}
	shown.Wards, err = p.wardsOf(r, c)
	if err != nil {
		return err
	}
	if c.May(http.MethodGet, access.Book) {
		shown.Book, err = p.homeBook(r, c)
	}
	if err != nil {
		return err
	}

	if shown.Search != nil && shown.Book != nil && shown.Book.Empty {
		shown.Book = nil // of a professional who is nobody's patient here
	}

	if c.May(http.MethodGet, access.Access) {
		shown.Readers, err = p.homeReaders(r, c)
	}
	if err != nil {
		return err
	}
	return p.reply(w, r, c, http.StatusOK, view{Template: "home", Title: say("home.title"), Data: shown})
}

// homeBook reads the newest pages of the caller. The access record is told, because the grant that
// shows the home page is about nobody's records.
func (p books) homeBook(r *http.Request, c *gate.Caller) (*homeBook, error) {
	if err := c.RecordRead(access.Book); err != nil {
		return nil, err
	}

	shown := &homeBook{Path: c.Path("portal", "book"), Add: addPath(c), All: everythingPath(c)}
	asked := store.BookQuery{Books: []string{c.Subject}, Descending: true}
	pages, _, err := p.Store.For(c.Reader()).ListPages(r.Context(), asked, listedMembers, store.Keyset[store.BookKey]{Limit: homeReading})
	if err != nil {
		return nil, err
	}

	shown.Empty = len(pages) == 0
	if !c.WebSession.Before.Time.IsZero() {
		shown.News, err = p.homeNew(r, c)
	}
	if err != nil {
		return nil, err
	}

	marks, err := p.consentMarks(r, c)
	if err != nil {
		return nil, err
	}
	if shown.News == nil || len(shown.News.Entries) == 0 {
		for _, page := range pages[:min(homePages, len(pages))] {
			shown.Pages = append(shown.Pages, newEntry(c.Path("portal", "page", page.ID), page.Page).marked(marks, page))
		}
	}

	shown.Last = lastReadings(pages)
	shown.Senders, err = p.Store.For(c.Reader()).Senders(r.Context(), c.Subject)
	return shown, err
}

// lastReadings gives the newest reading of each kind, in the order of the kinds.
func lastReadings(pages []store.PageEntry) (last []datedReading) {
	newest := map[*measurement.Kind]datedReading{}
	for _, page := range pages {
		h := newHead(pageTexts(page.Page))
		for _, r := range measurement.Of(page.Page).AllReadings() {
			if _, newer := newest[r.Kind]; !newer && h.Dated {
				newest[r.Kind] = datedReading{newReading(r), h}
			}
		}
	}

	for _, kind := range measurement.Kinds {
		if found, ok := newest[kind]; ok {
			last = append(last, found)
		}
	}
	return last
}
