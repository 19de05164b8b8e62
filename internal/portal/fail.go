// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"cmp"
	"net/http"
	"net/url"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

// problem is what a page about an error says.
type problem struct {
	Text    message
	Detail  string // a sentence in English about this very request; "": there is none
	Request string // its id, for those who look into the log; "": it is not needed
}

// problems are the texts about an error by its kind: the title, and what may be done.
var problems = map[fed.Kind]struct{ title, text string }{
	fed.Forbidden:   {"problem.forbidden.title", "problem.forbidden.text"},
	fed.NotFound:    {"problem.not_found.title", "problem.not_found.text"},
	fed.BadMethod:   {"problem.not_found.title", "problem.not_found.text"},
	fed.Gone:        {"problem.gone.title", "problem.gone.text"},
	fed.Conflict:    {"problem.conflict.title", "problem.conflict.text"},
	fed.Stale:       {"problem.conflict.title", "problem.conflict.text"},
	fed.TooLarge:    {"problem.too_large.title", "problem.too_large.text"},
	fed.TooMany:     {"problem.too_many.title", "problem.too_many.text"},
	fed.Unavailable: {"problem.away.title", "problem.away.text"},
	fed.Internal:    {"problem.internal.title", "problem.internal.text"},
}

// detailed are the kinds whose own sentence helps the person.
var detailed = map[fed.Kind]bool{fed.Forbidden: true, fed.Malformed: true, fed.Unsupported: true, fed.Invalid: true, fed.Conflict: true, fed.BadRange: true}

// Fail is gate.Portal's. Those who have to sign in are led there, without a challenge: the
// browser would open a dialog of its own.
func (p *Portal) Fail(w http.ResponseWriter, r *http.Request, c *gate.Caller, err error) {
	kind := fed.KindOf(err)
	if kind == fed.Unauthenticated {
		leadToSignIn(w, r, c)
		return
	}

	reply := gate.Describe(err)
	texts := cmp.Or(problems[kind], struct{ title, text string }{"problem.refused.title", "problem.refused.text"})
	shown := problem{Text: say(texts.text)}
	if detailed[kind] {
		shown.Detail = reply.Sentence
	}
	if kind == fed.Internal {
		shown.Request = c.Request
	}
	if kind == fed.Unavailable && isReading(r) {
		w.Header().Set("Refresh", w.Header().Get("Retry-After")) // the page tries again by itself
	}

	if err := p.reply(w, r, c, reply.Status, view{Template: "problem", Title: say(texts.title), Data: shown}); err != nil {
		c.Note(err)
		gate.Reply(w, reply.Status, "text/plain; charset=utf-8", []byte(reply.Sentence))
	}
}

// leadToSignIn leads to the sign-in, and from there back to the page that was asked for, or to
// the form whose content was kept.
func leadToSignIn(w http.ResponseWriter, r *http.Request, c *gate.Caller) {
	next := gate.PortalPath
	if isReading(r) || c.WebSession.Drafted {
		next = readNext(here(r, c))
	}

	signIn := "/portal/sign-in?next=" + url.QueryEscape(next)
	if c.WebSession.Drafted {
		seeDone(w, c, "done.draft_kept", signIn)
		return
	}
	seeOther(w, c, signIn)
}

func isReading(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}
