// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// books are the home page and the screens of a book and of its pages.
type books struct{ *Portal }

// bookPages is how many pages of a book are shown at a time.
const bookPages = 25

// book is a part of a book as it is shown.
type book struct {
	Filter  bookFilter
	Path    string // of the book without a filter
	Write   string // href of a new page; "": the caller may not write one
	Person  string // whose book it is; "": the caller's own
	Entries []entry
	Pager   pager

	Everything string // href; "": it is not offered here
}

// getBook shows the pages of a book, the newest first.
func (p books) getBook(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	query := r.URL.Query()
	shown := book{Filter: readBookFilter(query), Path: c.Path(personPath(c, "book")...), Person: otherPerson(c)}
	part := store.Keyset[store.BookKey]{Limit: bookPages}
	asked := shown.Filter.query(c.Subject)
	if shown.Filter.Wrong() {
		return p.showBook(w, r, c, http.StatusUnprocessableEntity, shown)
	}

	place := query.Get("after")
	if err := readAfter(place, store.ParseBookKey, &part); err != nil {
		return err
	}

	entries, more, err := p.Store.For(c.Reader()).ListPages(r.Context(), asked, listedMembers, part)
	if fed.KindOf(err) == fed.Invalid {
		shown.Filter.problems["q"] = say("book.search_slow")
		return p.showBook(w, r, c, http.StatusUnprocessableEntity, shown)
	}
	if err != nil {
		return err
	}

	if len(entries) == 0 && !c.Own {
		if err := p.requirePerson(r, c.Subject); err != nil {
			return err
		}
	}

	marks, err := p.consentMarks(r, c)
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := c.Path(personPath(c, "page", e.ID)...)
		shown.Entries = append(shown.Entries, newEntry(path, e.Page).marked(marks, e))
	}

	next := ""
	if more {
		next = entries[len(entries)-1].Key.Format()
	}
	shown.Pager = newPager(shown.Path, shown.Filter.values(), place, next)
	return p.showBook(w, r, c, http.StatusOK, shown)
}

func (p books) showBook(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, shown book) error {
	title, err := p.titleOf(r, c, "book.title", "book.title_of")
	if err != nil {
		return err
	}
	if c.May(http.MethodPost, access.Page) {
		shown.Write = c.Path(personPath(c, "new")...)
	}
	shown.Everything = everythingPath(c)
	return p.reply(w, r, c, status, view{Template: "book", Title: title, Data: shown})
}
