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

// emergencies are the screens of books that are opened in an emergency: for whoever opens one, for the person whose book
// it is, and for the privacy officer.
type emergencies struct{ *Portal }

func (p emergencies) rows() []gate.Row {
	const one = "/portal/admin/emergencies/{emergency}"
	return slices.Concat(
		[]gate.Row{
			screen("GET", "/portal/people/{person}/emergency", access.Person, gate.OfPath, p.getEmergency),
			screen("GET", "/portal/emergencies", access.Emergencies, gate.OfCaller, p.getOpenings),
			screen("GET", "/portal/admin/emergencies", access.Emergencies, gate.Everybody, p.getCases),
			screen("GET", one, access.Emergencies, gate.Everybody, p.getCase),
		},
		drafted([]gate.Row{screen("POST", "/portal/people/{person}/emergency", access.Emergency, gate.OfPath, p.postEmergency)}),
		granted(http.MethodGet, []gate.Row{screen("POST", "/portal/emergencies/{emergency}/seen", access.Emergencies, gate.OfCaller, p.postSeen)}),
		granted(http.MethodPatch, drafted([]gate.Row{screen("POST", one, access.Emergencies, gate.Everybody, p.postCase)})),
	)
}

// emergencyForm is the form that opens a book.
type emergencyForm struct {
	Action, Book string // hrefs
	Person       string
	Purpose      string
	Reason       field
	Problem      message
}

// getEmergency shows the form to whoever may open the book. It says who the person is, and nothing else of her.
func (p emergencies) getEmergency(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if !c.May(http.MethodPost, access.Emergency) {
		return c.Lacks(http.MethodPost, access.Emergency)
	}

	typed, drafted, err := p.draft(r, c)
	if err != nil {
		return err
	}
	return p.showEmergency(w, r, c, http.StatusOK, typed, message{}, drafted)
}

func (p emergencies) showEmergency(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, typed url.Values, wrong message, drafted bool) error {
	if c.Own {
		return fed.Errorf(fed.Invalid, "Nothing of your own book is withheld from you.")
	}
	if err := p.requirePerson(r, c.Subject); err != nil {
		return err
	}

	name, err := p.nameOf(r, c.Subject)
	if err != nil {
		return err
	}
	form := emergencyForm{
		Action: c.Path(personPath(c, "emergency")...), Book: c.Path(personPath(c, "book")...), Person: c.Subject, Purpose: fed.EmergencyTreatment,
		Reason: field{
			Name: "reason", Label: say("emergency.reason"), Hint: say("emergency.reason_hint", "least", store.ShortestReason, "most", store.LongestReason),
			Value: readQueryText(typed, "reason"), Most: store.LongestReason, Problem: wrong,
		},
	}
	if wrong.Key != "" {
		form.Problem = say("emergency.not_opened")
	}
	return p.reply(w, r, c, status, view{Template: "emergency", Title: say("emergency.title", "name", name), Data: form, Drafted: drafted})
}

// postEmergency opens the book to the caller, in whatever program. It has its line in the access record first, or nothing
// opens.
func (p emergencies) postEmergency(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := readForm(w, r); err != nil {
		return err
	}

	reason := readQueryText(r.PostForm, "reason")
	length := utf8.RuneCountInString(reason)
	switch {
	case r.PostForm.Get("purpose") != fed.EmergencyTreatment:
		return fed.Errorf(fed.Invalid, "purpose must be %s.", fed.EmergencyTreatment)
	case c.Own || length < store.ShortestReason || length > store.LongestReason:
		wrong := say("emergency.wrong_reason", "least", store.ShortestReason, "most", store.LongestReason)
		return p.showEmergency(w, r, c, http.StatusUnprocessableEntity, r.PostForm, wrong, false)
	}

	if err := p.requirePerson(r, c.Subject); err != nil {
		return err
	}
	if err := gate.RecordBefore(c); err != nil {
		return err
	}

	asked := store.Emergency{Person: c.Subject, Purpose: fed.EmergencyTreatment, Reason: reason}
	by := fed.Write{Account: c.Account.ID, Request: c.Request}
	_, _, err := store.Emergencies(p.Store.For(c.Reader())).Open(r.Context(), by, asked)
	if err != nil {
		return err
	}
	return p.done(w, r, c, "done.emergency_open", inPortal(c, personPath(c, "book")))
}
