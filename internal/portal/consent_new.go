// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// consentForm is the form of a new statement, as it was sent.
type consentForm struct {
	Action, List string // hrefs
	Person       string // whose book it is about; "": the caller's own
	Page         *pageLink
	Problem      message // about the whole form
	Proxies      bool    // the caller may let somebody act for the person
	Drafted      bool    // it has what was typed before the session ended

	typed    url.Values
	kinds    []string // of pages in the book, as scopes
	problems map[string]message
}

// Fields are the inputs of the form.
func (f consentForm) Fields() []field {
	return []field{
		f.filled(field{Name: "effect", Label: say("consent.effect")}).choose(f.effects()...),
		f.filled(field{Name: "scope", Label: say("consent.scope")}).choose(f.scopes()...),
		f.filled(field{Name: "kind", Label: say("consent.kind")}).choose(
			option{Value: "*", Text: say("consent.everybody")}, option{Value: "institution", Text: say("consent.institution")},
			option{Value: "account", Text: say("consent.account")}),
		f.filled(field{Name: "who", Label: say("consent.who"), Hint: say("consent.who_hint")}),
		f.filled(field{Name: "until", Type: "date", Label: say("consent.until"), Hint: say("consent.until_hint")}),
	}
}

// effects are those that the caller may choose from.
func (f consentForm) effects() []option {
	all := []option{{Value: "deny", Text: say("consent.deny")}, {Value: "permit", Text: say("consent.permit")}}
	if f.Proxies {
		all = append(all, option{Value: store.Act, Text: say("consent.act")})
	}
	return all
}

// filled gives a field with what was typed, and what is wrong with that.
func (f consentForm) filled(shown field) field {
	shown.Value, shown.Problem = readQueryText(f.typed, shown.Name), f.problems[shown.Name]
	return shown
}

// scopes are the pages that a statement may be about: the page from which the form was come to, the whole book, the
// kinds that have a name, and those that the book has besides.
func (f consentForm) scopes() (all []option) {
	if f.Page != nil {
		all = append(all, option{Value: readQueryText(f.typed, "scope"), Text: say("consent.this_page")})
	}
	all = append(all, option{Value: "*", Text: say("consent.whole_book")})

	var texts []string
	for i, kind := range namedKinds {
		text := say(kind.key)
		if slices.Contains(texts, kind.key) { // two words of senders for one kind
			text = say("form.other_value", "value", kind.value)
		}
		texts = append(texts, kind.key)
		all = append(all, option{Value: map[bool]string{true: "domain:", false: "type:"}[i < namedDomains] + kind.value, Text: text})
	}
	return append(all, f.otherKinds(all)...)
}

// otherKinds are those of the book that are not among these.
func (f consentForm) otherKinds(known []option) (others []option) {
	for _, scope := range f.kinds {
		_, value, _ := strings.Cut(scope, ":")
		if !slices.ContainsFunc(known, func(o option) bool { return o.Value == scope }) {
			others = append(others, option{Value: scope, Text: say("form.other_value", "value", value)})
		}
	}
	return others
}

// getNewConsent shows the form: about the page from which it was come to, or what was typed before a session ended.
func (p consents) getNewConsent(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	typed := url.Values{"effect": {"deny"}, "scope": {"*"}, "kind": {"*"}}
	if page := readQueryText(r.URL.Query(), "page"); page != "" {
		typed.Set("scope", "page:"+page)
	}

	kept, drafted, err := p.draft(r, c)
	if err != nil {
		return err
	}
	if drafted {
		typed = kept
	}
	return p.showNewConsent(w, r, c, http.StatusOK, consentForm{typed: typed, Drafted: drafted})
}

// showNewConsent shows the form with what was typed.
func (p consents) showNewConsent(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, form consentForm) error {
	if err := p.requirePerson(r, c.Subject); err != nil {
		return err
	}

	view := p.Store.For(c.Reader())
	page, ofPage := strings.CutPrefix(readQueryText(form.typed, "scope"), "page:")
	if ofPage {
		dates, err := view.PageDates(r.Context(), c.Subject, []string{page})
		if err != nil {
			return err
		}
		form.Page = newPageLink(c, page, dates)
	}

	kinds, err := store.Consents(view).PageKinds(r.Context(), c.Subject)
	if err != nil {
		return err
	}
	form.kinds, form.Person, form.Proxies = kinds, otherPerson(c), c.May(http.MethodPost, access.Proxies)
	form.Action, form.List = c.Path(personPath(c, "new-consent")...), c.Path(personPath(c, "consents")...)
	return p.replyNewConsent(w, r, c, status, form)
}

func (p consents) replyNewConsent(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, form consentForm) error {
	title, err := p.titleOf(r, c, "new_consent.title", "new_consent.title_of")
	if err != nil {
		return err
	}
	return p.reply(w, r, c, status, view{Template: "consent_new", Title: title, Data: form, Drafted: form.Drafted})
}
