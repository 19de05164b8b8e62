// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// These are few, so that statements meet.
var (
	modelReaders = []string{"OWNER", "ANN", "BEN", "CAY"}
	modelHouses  = []string{"", "NORTH", "SOUTH"}
	modelNames   = map[string]string{"NORTH": "North Hospital"}
	modelKinds   = []string{"medical", "psychosocial", "lab"}
	modelPages   = []string{"p1", "p2", "p3", "p4"}
)

// modelPage is a page with what decides who its author is, and what it is about.
type modelPage struct {
	id, domain, context          string
	account, authorAccount, node string
	laterNode, laterAuthor       string // what a change says afterwards
	deleted                      bool
	private, wasPrivate          bool // as it is, and as it was created
	hospital                     bool // it has the keys of the hospitals' system
}

// modelStatement is a row of thalamus_consents.
type modelStatement struct {
	scope, who, effect string
	over, ended        bool
	byOwner            bool
}

// modelWorld is a federation with one book.
type modelWorld struct {
	houses      map[string]string // of readers
	emergencies map[string]bool   // of readers, who have one open
	pages       []modelPage
	statements  []modelStatement
	private     bool // private pages count
}

func oneOf(t *rapid.T, name string, values ...string) string {
	return rapid.SampledFrom(values).Draw(t, name)
}

func drawWorld(t *rapid.T) (w modelWorld) {
	w.houses, w.emergencies, w.private = map[string]string{}, map[string]bool{}, rapid.Bool().Draw(t, "private pages count")
	for _, reader := range modelReaders {
		w.houses[reader] = oneOf(t, "house", modelHouses...)
		w.emergencies[reader] = rapid.IntRange(0, 5).Draw(t, "emergency") == 0
	}

	nobodyOr := append([]string{"", "", ""}, modelReaders...)
	for _, id := range modelPages {
		w.pages = append(w.pages, modelPage{
			id: id, domain: oneOf(t, "domain", modelKinds...), context: oneOf(t, "context", modelKinds...),
			account: oneOf(t, "account", nobodyOr...), authorAccount: oneOf(t, "author_acct", nobodyOr...), node: oneOf(t, "node", append(modelHouses, "", "North Hospital")...),
			laterNode: oneOf(t, "later node", modelHouses...), laterAuthor: oneOf(t, "later author", nobodyOr...),
			deleted: rapid.IntRange(0, 4).Draw(t, "deleted") == 0, hospital: rapid.Bool().Draw(t, "hospital"),
			private: rapid.IntRange(0, 3).Draw(t, "private") == 0, wasPrivate: rapid.IntRange(0, 3).Draw(t, "was private") == 0,
		})
	}

	scopes := []string{"*", "page:p1", "page:p2", "page:p3", "domain:medical", "domain:psychosocial", "type:lab", "type:medical"}
	who := []string{"*", "account:ANN", "account:BEN", "institution:NORTH", "institution:SOUTH", "institution:OWNER", "account:NORTH"}
	for range rapid.IntRange(0, 6).Draw(t, "statements") {
		s := modelStatement{
			scope: oneOf(t, "scope", scopes...), who: oneOf(t, "who", who...), effect: oneOf(t, "effect", "deny", "deny", "permit", "act"),
			over: rapid.IntRange(0, 5).Draw(t, "over") == 0, ended: rapid.IntRange(0, 5).Draw(t, "ended") == 0, byOwner: rapid.Bool().Draw(t, "by the owner"),
		}
		if s.effect == "act" {
			s.scope, s.who = "*", oneOf(t, "proxy", "account:ANN", "account:BEN")
		}
		w.statements = append(w.statements, s)
	}
	return w
}

// withholds is the decision as the manual tells it: it compares every statement with every other one.
func (w modelWorld) withholds(reader string, page modelPage) bool {
	private := w.private && page.private
	if reader == "OWNER" || w.actsOn(reader, page) && !private || w.emergencies[reader] || page.account == reader {
		return false
	}
	if !page.deleted && (page.authorAccount == reader || page.node != "" && slices.Contains([]string{w.houses[reader], modelNames[w.houses[reader]]}, page.node)) {
		return false
	}

	var said []modelStatement
	if private {
		said = append(said, modelStatement{scope: "page:" + page.id, who: "*", effect: "deny"})
	}
	for _, s := range w.statements {
		if !s.over && !s.ended && s.effect != "act" && s.isAbout(page) && s.isFor(reader, w.houses[reader]) {
			said = append(said, s)
		}
	}

	strongest := func(s modelStatement) bool {
		return !slices.ContainsFunc(said, func(other modelStatement) bool { return other.beats(s) })
	}
	denies := func(s modelStatement) bool { return s.effect == "deny" && strongest(s) }
	return slices.ContainsFunc(said, denies)
}

// actsOn reports whether a reader acts for the owner, who has not denied this page itself.
func (w modelWorld) actsOn(reader string, page modelPage) (acts bool) {
	for _, s := range w.statements {
		switch {
		case s.over || s.ended || !s.isFor(reader, w.houses[reader]):
		case s.effect == "act":
			acts = true
		case s.effect == "deny" && s.byOwner && s.scope == "page:"+page.id:
			return false
		}
	}
	return acts
}

func (s modelStatement) isAbout(page modelPage) bool {
	kind, value, _ := strings.Cut(s.scope, ":")
	switch kind {
	case "page":
		return value == page.id
	case "domain":
		return value == page.domain
	case "type":
		return value == page.context || page.hospital && value == page.domain
	}
	return true
}

func (s modelStatement) isFor(reader, house string) bool {
	kind, value, _ := strings.Cut(s.who, ":")
	switch kind {
	case "account":
		return value == reader
	case "institution":
		return value == house
	}
	return true
}

// beats reports whether a statement is more specific than another one.
func (s modelStatement) beats(other modelStatement) bool {
	of := map[string]int{"page": 2, "domain": 1, "type": 1, "account": 2, "institution": 1}
	rank := func(text string) int {
		kind, _, _ := strings.Cut(text, ":")
		return of[kind]
	}
	if rank(s.scope) != rank(other.scope) {
		return rank(s.scope) > rank(other.scope)
	}
	return rank(s.who) > rank(other.who)
}

// until is the end of a statement.
func (s modelStatement) until() *time.Time {
	if !s.over {
		return nil
	}
	past := time.Now().Add(-time.Hour)
	return &past
}
