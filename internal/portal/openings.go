// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"net/url"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// shownOpenings is how many openings are shown at a time.
const shownOpenings = 25

// opening is a book that was opened in an emergency as it is shown.
type opening struct {
	store.Emergency
	Name  string // of who opened it; "": none is known
	House string // the institution of that account; "": none is known
	Reads string // href of what the account read of the person on these days; "": the caller may not see it
	Seen  string // href of the form that acknowledges it
	Case  string // href for the privacy officer
}

// describeOpenings puts openings into words.
func (p *Portal) describeOpenings(r *http.Request, c *gate.Caller, all []store.Emergency) ([]opening, error) {
	var accounts []string
	for _, e := range all {
		accounts = append(accounts, e.Account)
	}
	names, houses := map[string]string{}, map[string]string{}
	if err := p.Store.Names(r.Context(), accounts, names); err != nil {
		return nil, err
	}
	if err := p.Store.Workplaces(r.Context(), accounts, houses); err != nil {
		return nil, err
	}

	shown := make([]opening, len(all))
	for i, e := range all {
		shown[i] = opening{
			Emergency: e, Name: cut(names[e.Account], maxExcerpt), House: cut(houses[e.Account], maxExcerpt), Reads: readsPath(c, e),
			Seen: c.Path("portal", "emergencies", e.ID, "seen"), Case: c.Path("portal", "admin", "emergencies", e.ID),
		}
	}
	return shown, nil
}

// readsPath leads to what an account has read of a person on the days of an opening; "": the caller may not see that.
func readsPath(c *gate.Caller, e store.Emergency) string {
	reach, path := c.Reach(http.MethodGet, access.Access), c.Path("portal", "people", e.Person, "access")
	if e.Person == c.Account.ID {
		path = c.Path("portal", "access")
	}
	if reach == access.NoRecords || reach != access.AllRecords && e.Person != c.Account.ID {
		return ""
	}

	from, to := e.Time.UTC().Format(time.DateOnly), e.Until.UTC().Format(time.DateOnly)
	return pathWith(path, filled(map[string]string{"account": e.Account, "from": from, "to": to}))
}

// openingList is a part of the openings as it is shown.
type openingList struct {
	Entries []opening
	Pager   pager
	Closed  bool     // for the privacy officer: those that somebody has looked at
	Choices []choice // for the privacy officer
}

// getOpenings shows the openings of the caller's own book, the newest first.
func (p emergencies) getOpenings(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	shown, _, err := p.readOpenings(r, c, store.EmergencyQuery{Person: c.Subject, Own: true}, c.Path("portal", "emergencies"), url.Values{})
	if err != nil {
		return err
	}
	return p.reply(w, r, c, http.StatusOK, view{Template: "openings", Title: say("openings.title"), Data: shown})
}

// readOpenings reads the part that the query asks for.
func (p emergencies) readOpenings(r *http.Request, c *gate.Caller, asked store.EmergencyQuery, path string, filters url.Values) (shown openingList, found []store.Emergency, err error) {
	part, place := store.Keyset[string]{Limit: shownOpenings}, r.URL.Query().Get("after")
	err = readAfter(place, func(id string) (string, bool) { return id, true }, &part)
	if err != nil {
		return shown, nil, err
	}

	found, more, err := store.Emergencies(p.Store.For(c.Reader())).Newest(r.Context(), asked, part)
	if err != nil {
		return shown, nil, err
	}
	next := ""
	if more {
		next = found[len(found)-1].ID
	}
	shown.Pager = newPager(path, filters, place, next)
	shown.Entries, err = p.describeOpenings(r, c, found)
	return shown, found, err
}

// postSeen notes that the caller has seen that the own book was opened, and leads back.
func (p emergencies) postSeen(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := readForm(w, r); err != nil {
		return err
	}

	err := store.Emergencies(p.Store.For(c.Reader())).Acknowledge(r.Context(), c.Subject, c.Param("emergency"))
	if err != nil {
		return err
	}
	seeDone(w, c, "done.opening_seen", readNext(r.PostForm.Get("next")))
	return nil
}
