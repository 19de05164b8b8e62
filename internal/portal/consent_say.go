// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"strings"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// Bounds of what is typed to say whom a statement is about.
const (
	longestWho    = 4 * fed.LongestID
	mostLikeTyped = 5 // institutions that are named where none is called as was typed
)

// postNewConsent says what was chosen. Whatever is wrong with it comes back with what was typed.
func (p consents) postNewConsent(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := readForm(w, r); err != nil {
		return err
	}

	form := consentForm{typed: r.PostForm, problems: map[string]message{}}
	said, err := p.readStatement(r, c, form)
	if err != nil {
		return err
	}
	if len(form.problems) > 0 {
		form.Problem = say("form.wrong")
		return p.showNewConsent(w, r, c, http.StatusUnprocessableEntity, form)
	}

	by := fed.Write{Account: c.Account.ID, Request: c.Request}
	_, _, err = store.Consents(p.Store.For(c.Reader())).Say(r.Context(), by, said)
	if fed.KindOf(err) == fed.Invalid {
		form.Problem = say("consent.too_many")
		return p.showNewConsent(w, r, c, c.Refuse(w, err).Status, form)
	}
	if err != nil {
		return err
	}

	done := map[string]string{"deny": "done.consent_deny", "permit": "done.consent_permit", store.Act: "done.consent_act"}[said.Effect]
	return p.done(w, r, c, done, inPortal(c, personPath(c, "consents")))
}

// readStatement reads what was chosen, and notes what is wrong with it.
func (p consents) readStatement(r *http.Request, c *gate.Caller, form consentForm) (said store.Statement, err error) {
	said = store.Statement{Person: c.Subject, Scope: readQueryText(form.typed, "scope"), Effect: readQueryText(form.typed, "effect")}
	acts := said.Effect == store.Act && c.May(http.MethodPost, access.Proxies)
	if said.Effect != "deny" && said.Effect != "permit" && !acts {
		form.problems["effect"] = say("consent.choose")
	}
	said.Until = form.until(time.Now())

	if err := p.checkScope(r, c, said.Scope, form); err != nil {
		return said, err
	}
	said.Who, err = p.readWho(r, form)
	if _, wrong := form.problems["who"]; err != nil || !acts || wrong {
		return said, err
	}
	return said, p.checkProxy(r, said, form)
}

// checkProxy notes why nobody would act for the person: one account does, for the whole book.
func (p consents) checkProxy(r *http.Request, said store.Statement, form consentForm) error {
	if said.Scope != "*" {
		form.problems["scope"] = say("consent.act_whole")
	}
	account, named := strings.CutPrefix(said.Who, "account:")
	if !named {
		form.problems["kind"] = say("consent.act_account")
		return nil
	}

	stored, err := p.storedOrNone(r, account)
	if err != nil {
		return err
	}
	known, err := p.Store.HasPerson(r.Context(), stored)
	if !known || stored == said.Person {
		form.problems["who"] = say("consent.no_proxy")
	}
	return err
}

// checkScope notes that there are no pages that a statement would be about.
func (p consents) checkScope(r *http.Request, c *gate.Caller, scope string, form consentForm) error {
	kind, value, _ := strings.Cut(scope, ":")
	switch {
	case scope == "*" || (kind == "domain" || kind == "type") && value != "" && len(scope) <= longestWho:
		return nil
	case kind != "page":
		form.problems["scope"] = say("consent.choose")
		return nil
	}

	dates, err := p.Store.For(c.Reader()).PageDates(r.Context(), c.Subject, []string{value})
	if _, known := dates[value]; !known {
		form.problems["scope"] = say("consent.no_page")
	}
	return err
}

// readWho reads whom a statement is to be about.
func (p consents) readWho(r *http.Request, form consentForm) (who string, err error) {
	kind, typed := readQueryText(form.typed, "kind"), readQueryText(form.typed, "who")
	switch {
	case kind == "*" && typed == "":
		return "*", nil
	case kind == "*":
		form.problems["who"] = say("consent.everybody_named")
	case kind != "institution" && kind != "account":
		form.problems["kind"] = say("consent.choose")
	case typed == "" || len(typed) > longestWho:
		form.problems["who"] = say("consent.nobody_named")
	case kind == "institution":
		return p.readInstitution(r, typed, form)
	}
	return "account:" + typed, nil
}

// readInstitution finds the institution that is called so. Where none is, it names some that are called alike.
func (p consents) readInstitution(r *http.Request, typed string, form consentForm) (who string, err error) {
	found, err := p.Store.FindInstitutions(r.Context(), typed, mostLikeTyped)
	if err != nil {
		return "", err
	}
	if len(found) == 1 && (strings.EqualFold(found[0].ID, typed) || strings.EqualFold(found[0].Name, typed)) {
		return "institution:" + found[0].ID, nil
	}

	var names []string
	for _, one := range found {
		names = append(names, cut(one.Name, maxExcerpt)+" ("+one.ID+")")
	}
	form.problems["who"] = say("consent.no_institution")
	if len(names) > 0 {
		form.problems["who"] = say("consent.which_institution", "names", strings.Join(names, "; "))
	}
	return "", nil
}

// until is the end of the day that was typed, in UTC; nil: there is no end.
func (f consentForm) until(now time.Time) *time.Time {
	typed := readQueryText(f.typed, "until")
	if typed == "" {
		return nil
	}

	day, err := time.Parse(time.DateOnly, typed)
	end := day.AddDate(0, 0, 1)
	switch {
	case err != nil || end.Year() < 1 || end.Year() > 9999:
		f.problems["until"] = say("book.no_day", "example", now.AddDate(1, 0, 0).Format(time.DateOnly))
	case !end.After(now):
		f.problems["until"] = say("consent.day_past")
	}
	return &end
}

// hidePath leads to the form that hides a page of the caller's own book; "": the caller may say nothing.
func hidePath(c *gate.Caller, page string) string {
	if !c.May(http.MethodPost, access.Consents) {
		return ""
	}
	return pathWith(c.Path(personPath(c, "new-consent")...), filled(map[string]string{"page": page}))
}
