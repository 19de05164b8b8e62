// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"slices"
	"unicode/utf8"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/measurement"
	"thalamus/internal/record"
)

// shownPage is a page of life as it is shown.
type shownPage struct {
	head
	Person     string  // whose page it is; "": the caller's own
	Book, Edit string  // href; of Edit "": the caller may not change it
	Hide       string  // href of the form that hides it; "": the caller may not
	Hidden     []label // from whom, in the caller's own book
	Summary    string  // where the title has not all of it
	Info       string
	Readings   []reading
	Others     []measurement.Text // measurements of kinds without a name
	Unreadable []measurement.Text
	Members    []member // that have a name
	More       []member // all others
	Documents  documentLinks
	History    history
}

// getPage shows a page with its documents and its history.
func (p books) getPage(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	id := c.Param("page")
	stored, err := p.Store.For(c.Reader()).Page(r.Context(), c.Subject, id)
	if err != nil {
		return err
	}

	shown, title := newShownPage(stored.Record)
	shown.Person, shown.Book = otherPerson(c), c.Path(personPath(c, "book")...)
	if c.May(http.MethodPatch, access.Page) {
		shown.Edit = c.Path(personPath(c, "page", id, "edit")...)
	}

	shown.Hide = hidePath(c, id)

	marks, err := p.consentMarks(r, c)
	if err != nil {
		return err
	}
	shown.Hidden = marks.of(id, stored.Record)

	shown.Documents, err = p.documentsOf(r, c, id)
	if err != nil {
		return err
	}
	shown.History, err = p.historyOf(r, c, id)
	if err != nil {
		return err
	}
	return p.reply(w, r, c, http.StatusOK, view{Template: "page", Title: title, Data: shown})
}

// newShownPage shows every member of a page somewhere, unless it is null or empty, but for these.
func newShownPage(page fed.Record, but ...string) (shown shownPage, title message) {
	texts, values := pageTexts(page), map[string][]byte{}
	var order []string
	record.Members(page, func(key, value []byte) {
		if slices.Contains(but, string(key)) {
			return
		}
		values[string(key)] = value
		order = append(order, string(key))
	})

	measured := measurement.Of(page)
	shown = shownPage{
		head: newHead(texts), Info: texts["info"],
		Readings: newReadings(measured.AllReadings()), Others: measured.Others, Unreadable: measured.Unreadable,
	}
	shown.Members, shown.More = splitMembers(order, values)

	name := pageTitle(texts, len(shown.Readings) > 0)
	if name.Name.Key != "" {
		return shown, name.Name
	}
	if utf8.RuneCountInString(name.Text) > maxExcerpt {
		shown.Summary = name.Text
	}
	return shown, say("page.title", "title", cut(name.Text, maxExcerpt))
}
