// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"strings"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// statement is what was said as it is shown.
type statement struct {
	store.Statement
	Path string    // href of the screen that ends it; "": it has ended, or the caller may not
	Of   label     // which pages
	Page *pageLink // nil: it is about no single page, or about one that is not there
	For  label     // whom
	Said message   // what may be done with the pages
	By   string    // the account that said so; "": the person's own
}

// describe puts statements into words.
func (p consents) describe(r *http.Request, c *gate.Caller, all []store.Statement) ([]statement, error) {
	names, err := p.whoNames(r, all)
	if err != nil {
		return nil, err
	}

	dates, err := p.Store.For(c.Reader()).PageDates(r.Context(), c.Subject, pagesOf(c, all))
	if err != nil {
		return nil, err
	}

	shown := make([]statement, len(all))
	for i, s := range all {
		shown[i] = statement{
			Statement: s, Of: scopeLabel(s.Scope), For: names.label(s.Who), Said: effectText(s.Effect),
			Page: newPageLink(c, strings.TrimPrefix(s.Scope, "page:"), dates),
		}
		if s.Account != nil && *s.Account != s.Person {
			shown[i].By = *s.Account
		}
		mayEnd := c.May(http.MethodDelete, access.Consents) && (s.Effect != store.Act || c.May(http.MethodPost, access.Proxies))
		if mayEnd && countsAt(s, time.Now()) {
			shown[i].Path = c.Path(personPath(c, "consents", s.ID)...)
		}
	}
	return shown, nil
}

// pagesOf are the single pages that statements are about, if the caller may read pages.
func pagesOf(c *gate.Caller, all []store.Statement) (pages []string) {
	for _, s := range all {
		if page, ok := strings.CutPrefix(s.Scope, "page:"); ok && c.May(http.MethodGet, access.Page) {
			pages = append(pages, page)
		}
	}
	return pages
}

// countsAt reports whether a statement was not taken back and has not ended.
func countsAt(s store.Statement, now time.Time) bool {
	return s.Ended == nil && (s.Until == nil || s.Until.After(now))
}

// scopeLabel names the pages that a statement is about. A single page is named by its link.
func scopeLabel(scope string) label {
	kind, value, _ := strings.Cut(scope, ":")
	switch kind {
	case "*":
		return label{Name: say("consent.whole_book")}
	case "page":
		return label{Name: say("consent.one_page")}
	default:
		return kindLabel(value)
	}
}

// effectText says what becomes of the pages. An effect that the portal does not know is shown as it is stored.
func effectText(effect string) message {
	switch effect {
	case "deny":
		return say("consent.deny")
	case "permit":
		return say("consent.permit")
	case store.Act:
		return say("consent.act")
	default:
		return say("form.other_value", "value", effect)
	}
}

// whoNames are the names of institutions, by their ids. Accounts have none: whoever says something of an account
// would learn whose it is.
type whoNames map[string]string

func (p *Portal) whoNames(r *http.Request, all []store.Statement) (whoNames, error) {
	var ids []string
	for _, s := range all {
		if id, ok := strings.CutPrefix(s.Who, "institution:"); ok {
			ids = append(ids, id)
		}
	}

	names := whoNames{}
	return names, p.Store.InstitutionNames(r.Context(), ids, names)
}

// label names whom a statement is about.
func (n whoNames) label(who string) label {
	kind, id, _ := strings.Cut(who, ":")
	switch {
	case kind == "*":
		return label{Name: say("consent.everybody")}
	case kind == "account":
		return label{Name: say("consent.account_of", "account", id)}
	case n[id] != "" && n[id] != id:
		return label{Name: say("consent.institution_of", "name", cut(n[id], maxExcerpt), "institution", id)}
	default:
		return label{Text: id}
	}
}
