// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/gate"
)

// NoteRows are the rows of two forms for tests, which show what was kept of them.
func NoteRows(p *Portal) []gate.Row {
	show := screen("GET", "/portal/note", access.SignedIn, gate.Nobody, func(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
		typed, kept, err := p.draft(r, c)
		if err != nil {
			return err
		}
		text := field{Name: "text", Label: say("nav.home"), Value: typed.Get("text")}
		return p.reply(w, r, c, http.StatusOK, view{Template: "sign_in", Title: say("nav.home"), Drafted: kept, Data: noteForm{text}})
	})
	another := show
	another.Pattern = "/portal/another"
	take := screen("POST", "/portal/note", access.SignedIn, gate.Nobody, func(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
		return p.done(w, r, c, "done.signed_out", "/portal/")
	})
	take.Draft = true
	return []gate.Row{show, another, take}
}

type noteForm struct{ text field }

func (noteForm) Problem() message  { return message{} }
func (noteForm) Ended() bool       { return false }
func (noteForm) Next() string      { return "" }
func (noteForm) Language() string  { return "" }
func (n noteForm) Fields() []field { return []field{n.text} }
