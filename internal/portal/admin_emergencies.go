// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"net/url"
	"slices"
	"unicode/utf8"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// getCases shows the privacy officer the openings that nobody has looked at, or those whose case is closed.
func (p emergencies) getCases(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	path, filters := c.Path("portal", "admin", "emergencies"), url.Values{}
	closed := readQueryText(r.URL.Query(), "closed") == "1"
	if closed {
		filters.Set("closed", "1")
	}

	shown, found, err := p.readOpenings(r, c, store.EmergencyQuery{Reviewed: &closed}, path, filters)
	if err != nil {
		return err
	}
	persons := []string{}
	for _, e := range found {
		persons = append(persons, e.Person)
	}
	slices.Sort(persons)
	if err := c.RecordPersons(slices.Compact(persons)); err != nil {
		return err
	}

	shown.Closed = closed
	shown.Choices = []choice{
		{Text: say("cases.open"), Href: path, Current: !closed},
		{Text: say("cases.closed"), Href: pathWith(path, url.Values{"closed": {"1"}}), Current: closed},
	}
	return p.reply(w, r, c, http.StatusOK, view{Template: "admin_emergencies", Title: say("cases.title"), Data: shown})
}

// casePage is an opening with the form that closes the case.
type casePage struct {
	opening
	List    string // href
	Finding field
	May     bool // the caller may close it
	Problem message
}

// ReviewedBy is the account that closed the case.
func (s casePage) ReviewedBy() string {
	if s.Reviewer == nil {
		return ""
	}
	return *s.Reviewer
}

// getCase shows an opening.
func (p emergencies) getCase(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	typed, drafted, err := p.draft(r, c)
	if err != nil {
		return err
	}
	return p.showCase(w, r, c, http.StatusOK, typed, message{}, drafted)
}

func (p emergencies) showCase(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, typed url.Values, wrong message, drafted bool) error {
	one, err := store.Emergencies(p.Store.For(c.Reader())).One(r.Context(), c.Param("emergency"))
	if err != nil {
		return err
	}
	if err := c.RecordPersons([]string{one.Person}); err != nil {
		return err
	}
	all, err := p.describeOpenings(r, c, []store.Emergency{one})
	if err != nil {
		return err
	}

	if typed == nil && one.Finding != nil {
		typed = url.Values{"finding": {*one.Finding}}
	}
	shown := casePage{
		opening: all[0], List: c.Path("portal", "admin", "emergencies"), May: c.May(http.MethodPatch, access.Emergencies),
		Finding: field{
			Name: "finding", Label: say("case.finding"), Hint: say("case.finding_hint", "most", store.LongestReason),
			Value: readQueryText(typed, "finding"), Most: store.LongestReason, Problem: wrong,
		},
	}
	if wrong.Key != "" {
		shown.Problem = say("form.wrong")
	}
	return p.reply(w, r, c, status, view{Template: "admin_emergency", Title: say("case.title", "person", one.Person), Data: shown, Drafted: drafted})
}

// postCase closes the case with what was found.
func (p emergencies) postCase(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := readForm(w, r); err != nil {
		return err
	}

	finding := readQueryText(r.PostForm, "finding")
	if finding == "" || utf8.RuneCountInString(finding) > store.LongestReason {
		if !c.May(http.MethodGet, access.Emergencies) {
			return fed.Errorf(fed.Invalid, "finding must have 1 to %d characters.", store.LongestReason)
		}
		return p.showCase(w, r, c, http.StatusUnprocessableEntity, r.PostForm, say("case.wrong_finding", "most", store.LongestReason), false)
	}

	by := fed.Write{Account: c.Account.ID, Request: c.Request}
	reviewed, err := store.Emergencies(p.Store.For(c.Reader())).Review(r.Context(), by, c.Param("emergency"), finding)
	if err != nil {
		return err
	}
	c.RecordOthers([]string{reviewed.Person})
	return p.done(w, r, c, "done.case_closed", "/portal/admin/emergencies")
}
