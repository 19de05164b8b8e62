// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"net/url"
	"slices"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// consents are the screens of what was said about who may read a book.
type consents struct{ *Portal }

// formerStatements is how many statements that count no more are shown at a time.
const formerStatements = 25

func (p consents) rows() []gate.Row {
	return slices.Concat(
		personScreens("GET", "consents", access.Consents, p.getConsents),
		granted(http.MethodPost, personScreens("GET", "new-consent", access.Consents, p.getNewConsent)),
		drafted(personScreens("POST", "new-consent", access.Consents, p.postNewConsent)),
		personScreens("GET", "consents/{consent}", access.Consents, p.getConsent),
		granted(http.MethodDelete, personScreens("POST", "consents/{consent}", access.Consents, p.postConsent)),
	)
}

// consentList is what was said about a book as it is shown.
type consentList struct {
	Person  string // whose book it is; "": the caller's own
	New     string // href; "": the caller may say nothing
	InForce []statement
	Former  []statement
	Pager   pager  // of the former ones
	Opened  string // href of the openings of the caller's own book; "": they are not shown
}

// getConsents shows the statements that count, and those that did.
func (p consents) getConsents(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := p.requirePerson(r, c.Subject); err != nil {
		return err
	}

	said := store.Consents(p.Store.For(c.Reader()))
	inForce, err := said.InForce(r.Context(), c.Subject)
	if err != nil {
		return err
	}

	part, place := store.Keyset[string]{Limit: formerStatements}, r.URL.Query().Get("after")
	if err := readAfter(place, func(id string) (string, bool) { return id, true }, &part); err != nil {
		return err
	}
	former, more, err := said.Former(r.Context(), c.Subject, part)
	if err != nil {
		return err
	}

	all, err := p.describe(r, c, append(inForce, former...))
	if err != nil {
		return err
	}
	shown := consentList{Person: otherPerson(c), InForce: all[:len(inForce)], Former: all[len(inForce):]}
	if c.Own && c.May(http.MethodGet, access.Emergencies) {
		shown.Opened = c.Path("portal", "emergencies")
	}
	if c.May(http.MethodPost, access.Consents) {
		shown.New = c.Path(personPath(c, "new-consent")...)
	}

	next := ""
	if more {
		next = former[len(former)-1].ID
	}
	shown.Pager = newPager(c.Path(personPath(c, "consents")...), url.Values{}, place, next)

	title, err := p.titleOf(r, c, "consents.title", "consents.title_of")
	if err != nil {
		return err
	}
	return p.reply(w, r, c, http.StatusOK, view{Template: "consents", Title: title, Data: shown})
}

// getConsent shows a statement, and asks whether it is to end.
func (p consents) getConsent(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	one, err := store.Consents(p.Store.For(c.Reader())).Get(r.Context(), c.Subject, c.Param("consent"))
	if err != nil {
		return err
	}

	all, err := p.describe(r, c, []store.Statement{one})
	if err != nil {
		return err
	}
	return p.reply(w, r, c, http.StatusOK, view{Template: "consent", Title: say("consent.title"), Data: consentPage{
		statement: all[0], Person: otherPerson(c), List: c.Path(personPath(c, "consents")...),
	}})
}

// consentPage is a single statement with the form that ends it.
type consentPage struct {
	statement
	Person string // whose book it is about; "": the caller's own
	List   string // href
}

// postConsent ends a statement.
func (p consents) postConsent(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	by := fed.Write{Account: c.Account.ID, Request: c.Request}
	err := store.Consents(p.Store.For(c.Reader())).TakeBack(r.Context(), by, c.Subject, c.Param("consent"), c.May(http.MethodPost, access.Proxies))
	if err != nil {
		return err
	}
	return p.done(w, r, c, "done.consent_ended", inPortal(c, personPath(c, "consents")))
}
