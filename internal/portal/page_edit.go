// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/measurement"
	"thalamus/internal/record"
)

// editedPage is the form of a correction.
type editedPage struct {
	*pageForm
	Version int64    // that the form shows
	Was     []string // what it had in each field, as name=digest
	Sealed  bool     // the measurements cannot be read, and so not be changed
	Told    string   // a date that cannot be read, as it is stored
	Action  string
	Page    string // href

	measurements []byte
	values       map[string]string // of the stored page, by field
}

// Date is the field of the date: of a day where the page has no time.
func (f editedPage) Date() field {
	shown := f.filled(field{Name: "date", Type: "datetime-local", Label: say("form.date")})
	switch {
	case f.Told != "":
		shown.Hint = say("edit.date_unread", "date", f.Told)
	case !f.dated.Clock:
		shown.Type = "date"
	case f.dated.Zoned:
		shown.Hint = say("form.date_hint", "zone", zoneName(f.dated.Time))
	}
	return shown
}

// maxEdited is a limit in bytes: a form with a longer text would not be taken.
const maxEdited = 24 << 10

// Long reports whether a text is too long for the form, and stays as it is.
func (f editedPage) Long(name string) bool { return len(f.values[name]) > maxEdited }

// newEditedPage makes the form of a stored page.
func newEditedPage(c *gate.Caller, id string, stored fed.Stored) editedPage {
	texts, read := pageTexts(stored.Record), measurement.Of(stored.Record)
	f := editedPage{
		pageForm: newPageForm(url.Values{}), Version: stored.Version, Sealed: len(read.Unreadable) > 0,
		Action: c.Path(personPath(c, "page", id, "edit")...), Page: c.Path(personPath(c, "page", id)...),
	}
	record.Members(stored.Record, func(key, value []byte) {
		if string(key) == "measurements" {
			f.measurements = value
		}
	})

	f.values = map[string]string{"summary": plainLines(texts["summary"]), "info": plainLines(texts["info"]), "date": ""}
	if read.Dated {
		f.dated, f.values["date"] = read.Date, read.Date.Time.Format(time.DateOnly)
	} else {
		f.Told = texts["page_date"]
	}
	if read.Dated && read.Date.Clock {
		f.values["date"] = read.Date.Time.Format("2006-01-02T15:04")
	}

	f.slots = nil
	if !f.Sealed {
		f.slots = slotsOf(read.Readings)
	}
	for _, s := range f.slots {
		for i, value := range s.Values {
			f.values[s.name(i)] = value
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		f.Typed.Set(name, f.values[name])
		f.Was = append(f.Was, name+"="+digest(f.values[name]))
	}
	return f
}

// getEditPage shows the form with what is stored, or with what was typed before a session ended.
func (p pageForms) getEditPage(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	form, err := p.editedPage(r, c)
	if err != nil {
		return err
	}

	typed, drafted, err := p.draft(r, c)
	if err != nil {
		return err
	}
	if drafted {
		form.take(typed)
	}
	return p.showEditPage(w, r, c, http.StatusOK, form, drafted)
}

// editedPage reads the page of a request for a caller who may read and change it.
func (p pageForms) editedPage(r *http.Request, c *gate.Caller) (form editedPage, err error) {
	for _, method := range []string{http.MethodGet, http.MethodPatch} {
		if !c.May(method, access.Page) {
			return form, c.Lacks(method, access.Page)
		}
	}

	id := c.Param("page")
	stored, err := p.Store.For(c.Reader()).Page(r.Context(), c.Subject, id)
	if err != nil {
		return form, err
	}
	return newEditedPage(c, id, stored), nil
}

func (p pageForms) showEditPage(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, form editedPage, drafted bool) error {
	return p.reply(w, r, c, status, view{Template: "page_edit", Title: say("edit.title"), Data: form, Drafted: drafted})
}

// postEditPage stores what was changed. If somebody else has changed the page meanwhile, the
// form comes back with both.
func (p pageForms) postEditPage(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	form, err := p.editedPage(r, c)
	if err != nil {
		return err
	}

	form.take(r.PostForm)
	if r.PostForm.Get("version") != strconv.FormatInt(form.Version, 10) {
		if !c.MayShow(http.StatusConflict, access.Page) {
			return fed.OtherVersion(form.Version)
		}
		return p.showEditPage(w, r, c, http.StatusConflict, form, false)
	}

	patch, err := form.patch(c)
	if !form.settle() {
		return p.showEditPage(w, r, c, http.StatusUnprocessableEntity, form, false)
	}
	if err != nil {
		return err
	}
	if patch != nil {
		err = p.changePage(r, c, form, patch)
	}
	if fed.KindOf(err) == fed.Stale {
		return p.postEditPage(w, r, c)
	}
	if err != nil {
		return err
	}
	return p.done(w, r, c, "done.page_saved", inPortal(c, personPath(c, "page", c.Param("page"))))
}

func (p pageForms) changePage(r *http.Request, c *gate.Caller, form editedPage, patch fed.Record) error {
	by, err := c.Write(r, access.Page)
	if err != nil {
		return err
	}

	by.Old, by.Versions = true, []int64{form.Version}
	_, err = p.Store.ChangePage(r.Context(), by, c.Subject, c.Param("page"), patch)
	return err
}

// patch gives the keys that were changed, with modification_info; nil if there are none.
func (f *editedPage) patch(c *gate.Caller) (fed.Record, error) {
	var patch record.Overrides
	changed := false
	set := func(key string, value any) {
		patch.Set(key, value)
		changed = true
	}

	for _, key := range []string{"summary", "info"} {
		if text := f.text(key); text != f.values[key] {
			set(key, textOrNull(text))
		}
	}
	if f.text("date") != f.values["date"] {
		set("page_date", f.when(time.Now()))
	}

	readings := f.readings()
	if len(readings) > 0 && !f.wrong {
		list, ok := measurement.Change(f.measurements, readings)
		if !ok {
			return nil, fed.Errorf(fed.Conflict, "The measurements of this page cannot be changed.")
		}
		set("measurements", json.RawMessage(list))
	}

	if !changed {
		return nil, nil
	}
	patch.Set("modification_info", infoObject(c, time.Now()))
	return record.Read(patch.Record(), c.Limits())
}
