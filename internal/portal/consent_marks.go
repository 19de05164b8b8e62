// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"slices"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// consentMarks tell, beside each page of the caller's own book, from whom it is hidden. The zero marks tell nothing.
type consentMarks struct {
	inForce []store.Statement
	names   whoNames
	private bool // a page that says so itself is hidden from everybody
}

// consentMarks reads what the caller has said about the own book.
func (p *Portal) consentMarks(r *http.Request, c *gate.Caller) (marks consentMarks, err error) {
	if !c.Own || !c.May(http.MethodGet, access.Consents) {
		return marks, nil
	}

	marks.inForce, err = store.Consents(p.Store.For(c.Reader())).InForce(r.Context(), c.Subject)
	if err != nil {
		return marks, err
	}
	marks.private = c.Policy().OpensBooks()
	marks.names, err = p.whoNames(r, marks.inForce)
	return marks, err
}

// of names those from whom a page is hidden: everybody, or who was named. Its author goes on reading it.
func (m consentMarks) of(id string, page fed.Record) (hidden []label) {
	scopes := scopesOf(id, page)
	if m.private && pageTexts(page)["privacy"] == "true" {
		m.inForce = append(slices.Clone(m.inForce), store.Statement{Scope: scopes[0], Who: "*", Effect: "deny"})
	}

	var who []string
	for _, s := range m.inForce {
		if s.Effect == "deny" && slices.Contains(scopes, s.Scope) && !slices.Contains(who, s.Who) && m.denies(scopes, s.Who) {
			who = append(who, s.Who)
		}
	}

	if slices.Contains(who, "*") {
		who = []string{"*"}
	}
	for _, one := range who {
		hidden = append(hidden, m.names.label(one))
	}
	return hidden
}

// marked is the entry of a page with from whom it is hidden.
func (e entry) marked(m consentMarks, page store.PageEntry) entry {
	e.Hidden = m.of(page.ID, page.Page)
	return e
}

// scopesOf are the scopes that a page is in, the most specific first.
func scopesOf(id string, page fed.Record) []string {
	texts := pageTexts(page)
	scopes := []string{"page:" + id, "domain:" + texts["domain"], "domain:" + texts["page_type"]}
	for _, key := range kindKeys {
		if key != "domain" {
			scopes = append(scopes, "type:"+texts[key])
		}
	}
	return append(scopes, "*")
}

// denies reports whether the most specific statement about a page and somebody denies.
func (m consentMarks) denies(scopes []string, who string) bool {
	best, denied := 0, false
	for _, s := range m.inForce {
		if !slices.Contains(scopes, s.Scope) || s.Who != who && s.Who != "*" {
			continue
		}

		weight := 2 * scopeWeight(s.Scope)
		if s.Who != "*" {
			weight++
		}
		if weight > best || weight == best && s.Effect == "deny" {
			best, denied = weight, s.Effect == "deny"
		}
	}
	return denied
}

// scopeWeight is larger for a page than for a kind, and for that than for the whole book.
func scopeWeight(scope string) int {
	switch {
	case scope == "*":
		return 1
	case strings.HasPrefix(scope, "page:"):
		return 3
	default:
		return 2
	}
}
