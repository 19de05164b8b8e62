// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// withheldNotice is what a screen about somebody else says of a book that is not whole, or is open in an emergency.
type withheldNotice struct {
	Told bool             // the book is not whole
	Open *store.Emergency // nil: the caller has not opened it
	Path string           // href of the form that opens it; "": the caller may not
}

// noticeWithheld gives the notice. told is whether the reply says that the book is not whole.
func (p *Portal) noticeWithheld(r *http.Request, c *gate.Caller, told bool) (withheldNotice, error) {
	notice := withheldNotice{Told: told}
	if !c.May(http.MethodPost, access.Emergency) {
		return notice, nil
	}

	open, ok, err := store.Emergencies(p.Store.For(c.Reader())).OpenNow(r.Context(), c.Subject)
	if ok {
		notice.Open = &open
	}
	notice.Path = c.Path(personPath(c, "emergency")...)
	return notice, err
}

// addNotices adds what a page says of the person whom it is about, and what every page of the caller's says. A page about
// an error says neither: it may be that they cannot be read.
func (p *Portal) addNotices(w http.ResponseWriter, r *http.Request, c *gate.Caller, shown *page) (err error) {
	shown.About = aboutPerson(r, c)
	if shown.About != nil {
		told := shown.view.Withheld || w.Header().Get("Thalamus-Withheld") != ""
		shown.Withheld, err = p.noticeWithheld(r, c, told)
	}
	if err != nil {
		return err
	}

	shown.Unseen, err = p.unseenOpenings(r, c)
	return err
}

// mostUnseen is how many openings of the own book a screen tells of.
const mostUnseen = 3

// unseenOpenings are those of the caller's own book that the caller has not acknowledged. Every screen tells of them.
func (p *Portal) unseenOpenings(r *http.Request, c *gate.Caller) ([]opening, error) {
	if c.Account.ID == "" || c.Reach(http.MethodGet, access.Emergencies) == access.NoRecords {
		return nil, nil
	}

	unseen, err := store.Emergencies(p.Store.For(c.Reader())).Unseen(r.Context(), c.Account.ID, mostUnseen)
	if err != nil || len(unseen) == 0 {
		return nil, err
	}
	return p.describeOpenings(r, c, unseen)
}
