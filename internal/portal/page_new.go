// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/measurement"
	"thalamus/internal/record"
)

// portalNode is the node of pages that are written in the portal.
const portalNode = "portal"

// newPage is the form of a new page. Its id was made when the form was shown, so that a form
// that is sent twice makes one page.
type newPage struct {
	*pageForm
	ID      string
	Book    string // of whose book
	Name    string // of that person; "": the caller's own
	Existed string // path of the page that this form has made before; "": none
	Action  string // path
	Attach  bool   // the caller may add documents
	Drafted bool   // it has what was typed before the session ended
}

// Kind is the field of the kind of the page.
func (f newPage) Kind() field {
	var options []option
	for _, kind := range pageKinds {
		options = append(options, option{Value: kind.name, Text: kindLabel(kind.name).Name})
	}
	return f.filled(field{Name: "kind", Label: say("form.kind")}).choose(options...)
}

// Date is the field of date and time.
func (f newPage) Date() field {
	return f.filled(field{Name: "date", Type: "datetime-local", Label: say("form.date"), Hint: say("form.date_hint", "zone", time.Now().Format("UTC-07:00"))})
}

// addPath leads to the measurements of the form of a new page; "": the caller may not write one.
func addPath(c *gate.Caller) string {
	if !c.May(http.MethodPost, access.Page) {
		return ""
	}
	return c.Path(personPath(c, "new")...) + "#vitals"
}

// getNewPage shows an empty form, or what was typed before a session ended.
func (p pageForms) getNewPage(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	typed := url.Values{"date": {time.Now().Format("2006-01-02T15:04")}, "kind": {"encounter"}}
	if c.Own {
		typed.Set("kind", "self_monitoring")
	}

	kept, drafted, err := p.draft(r, c)
	if err != nil {
		return err
	}
	if drafted {
		typed = kept
	}

	form := newPage{pageForm: newPageForm(typed), ID: readPageID(typed.Get("id"))}
	form.Drafted = drafted
	return p.showNewPage(w, r, c, http.StatusOK, form)
}

// showNewPage shows the form of whoever may write into the book.
func (p pageForms) showNewPage(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, form newPage) error {
	if !c.May(http.MethodPost, access.Page) {
		return c.Lacks(http.MethodPost, access.Page)
	}

	if err := p.requirePerson(r, c.Subject); err != nil {
		return err
	}

	title := say("new_page.title")
	if !c.Own {
		name, err := p.nameOf(r, c.Subject)
		if err != nil {
			return err
		}
		form.Name, title = name, say("new_page.title_of", "name", name)
	}

	form.Book, form.Action = c.Subject, c.Path(personPath(c, "new")...)
	form.Attach = c.May(http.MethodPost, access.PolDocs)
	return p.reply(w, r, c, status, view{Template: "page_new", Title: title, Data: form, Drafted: form.Drafted})
}

// postNewPage stores a page.
func (p pageForms) postNewPage(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := readForm(w, r); err != nil {
		return err
	}

	form := newPage{pageForm: newPageForm(r.PostForm), ID: readPageID(r.PostForm.Get("id"))}
	content := pageContent{date: form.when(time.Now()), summary: form.text("summary"), info: form.text("info"), readings: form.readings()}
	if content.empty() && !form.wrong {
		form.refuse("summary", say("form.nothing"))
	}
	if !form.settle() {
		return p.showNewPage(w, r, c, http.StatusUnprocessableEntity, form)
	}

	page, err := p.newPageRecord(r, c, form, content)
	if err != nil {
		return err
	}

	by, err := c.Write(r, access.Page)
	if err != nil {
		return err
	}
	_, _, err = p.Store.CreatePage(r.Context(), by, c.Subject, form.ID, page)
	if fed.KindOf(err) == fed.Conflict {
		return p.showSavedBefore(w, r, c, form)
	}
	if err != nil {
		return err
	}

	next := personPath(c, "page", form.ID)
	if r.PostForm.Get("then") == "documents" {
		next = append(next, "documents")
	}
	return p.done(w, r, c, "done.page_saved", inPortal(c, next))
}

// showSavedBefore shows a form that has made a page before, with something else in it. It makes
// a second page if it is sent again.
func (p pageForms) showSavedBefore(w http.ResponseWriter, r *http.Request, c *gate.Caller, form newPage) error {
	form.Existed = c.Path(personPath(c, "page", form.ID)...)
	form.ID = newPageID()
	return p.showNewPage(w, r, c, http.StatusConflict, form)
}

// newPageRecord gives the page in the keys that the phone app writes. It is the same whenever the
// form is sent: its times are those of the form.
func (p pageForms) newPageRecord(r *http.Request, c *gate.Caller, form newPage, content pageContent) (fed.Record, error) {
	author, err := p.nameOf(r, c.Account.ID)
	if err != nil {
		return nil, err
	}

	kind, ok := kindNamed(form.Typed.Get("kind"))
	if !ok {
		kind, _ = kindNamed("other")
	}

	measurements := []byte("null")
	if len(content.readings) > 0 {
		measurements, _ = measurement.Change(nil, content.readings) // there are none that it could not read
	}

	var page record.Overrides
	page.Set("id", form.ID)
	page.Set("book", c.Subject)
	page.Set("author", author)
	page.Set("author_acct", c.Account.ID)
	page.Set("page_date", content.date)
	page.Set("domain", kind.domain)
	page.Set("context", textOrNull(kind.context))
	page.Set("summary", textOrNull(content.summary))
	page.Set("info", textOrNull(content.info))
	page.Set("measurements", json.RawMessage(measurements))
	page.Set("node", portalNode)
	page.Set("creation_info", infoObject(c, pageIDTime(form.ID)))
	return record.Read(page.Record(), c.Limits())
}

// infoObject is creation_info and modification_info, as the clients of the federation write them.
func infoObject(c *gate.Caller, at time.Time) map[string]string {
	return map[string]string{"user": c.Account.ID, "timestamp": at.UTC().Format("2006-01-02T15:04:05.000000-07:00"), "node": portalNode}
}

func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// newPageID makes an id that has the time in it.
func newPageID() string { return uuid.Must(uuid.NewV7()).String() }

// readPageID reads the id of a form. One that the hub cannot have made is replaced.
func readPageID(text string) string {
	id, err := uuid.Parse(text)
	if err != nil || id.Version() != 7 || id.String() != text {
		return newPageID()
	}
	return text
}

// pageIDTime is when a form was shown.
func pageIDTime(id string) time.Time {
	return time.Unix(uuid.MustParse(id).Time().UnixTime())
}
