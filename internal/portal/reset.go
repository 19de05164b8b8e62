// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// resets are the screens of a one-time link, which somebody without a password has. The token in the path
// is as good as one: it stands in no log, for that has the pattern of the path, and in no Referer.
type resets struct{ *Portal }

func (p resets) rows() []gate.Row {
	return []gate.Row{
		screen("GET", "/portal/reset/{token}", access.Public, gate.Nobody, p.getReset),
		screen("POST", "/portal/reset/{token}", access.Public, gate.Nobody, p.postReset),
	}
}

// resetForm is the form for a new password. What was typed is never sent back.
type resetForm struct {
	Account string // "": the link is not good
	Fields  []field
}

// getReset shows the form, and uses nothing up: programs that look for viruses follow links in letters.
func (p resets) getReset(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	reset, _, err := p.find(r, c)
	if err != nil {
		return p.refuse(w, r, c, err)
	}
	return p.show(w, r, c, http.StatusOK, reset, passwordProblems{})
}

// find gives the account of the link of a request. A wrong token counts as a failed login.
func (p resets) find(r *http.Request, c *gate.Caller) (reset store.Reset, key store.ResetKey, err error) {
	c.WebSession.Language = p.languages.known(r.URL.Query().Get("language"))
	if err := p.Verifier.AdmitToken(c.From); err != nil {
		return reset, key, err
	}
	if err := p.Await(r.Context()); err != nil {
		return reset, key, err
	}

	s, _ := parseSecret(c.Param("token")) // what is no secret is nobody's
	key = store.ResetKey(s.key())
	reset, err = p.Store.Reset(r.Context(), key)
	if fed.KindOf(err) == fed.NotFound {
		p.Verifier.CountWrongToken(c.From)
	}
	return reset, key, err
}

// postReset gives the account of a link its new password, which uses the link up and ends all sessions.
func (p resets) postReset(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := readForm(w, r); err != nil {
		return err
	}

	reset, key, err := p.find(r, c)
	if err != nil {
		return p.refuse(w, r, c, err)
	}

	password := r.PostForm.Get("password")
	if password != r.PostForm.Get("again") {
		return p.show(w, r, c, http.StatusUnprocessableEntity, reset, passwordProblems{again: say("password.differ")})
	}
	if p.Passwords.CheckNew(reset.Account, password) != nil {
		return p.show(w, r, c, http.StatusUnprocessableEntity, reset, passwordProblems{password: say("password.refused", "least", p.Passwords.MinLength)})
	}

	if err := p.use(r, c, reset, key, password); err != nil {
		return p.refuse(w, r, c, err)
	}
	seeDone(w, c, "done.password_set", "/portal/sign-in")
	return nil
}

func (p resets) use(r *http.Request, c *gate.Caller, reset store.Reset, key store.ResetKey, password string) error {
	hash, err := p.Verifier.Hash(r.Context(), c.From, reset.Account, reset.Account, password)
	if err != nil {
		return err
	}

	err = p.Store.UseReset(r.Context(), fed.Write{Account: reset.Account, Request: c.Request}, key, hash)
	p.Verifier.Invalidate(reset.Account) // even if it failed: it may have been made before the answer was lost
	if err != nil {
		return err
	}

	c.Account.ID = reset.Account // for the log
	p.Verifier.ResetFailures(c.From, reset.Account)
	return nil
}

func (p resets) show(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, reset store.Reset, wrong passwordProblems) error {
	form := resetForm{Account: reset.Account, Fields: []field{
		{Name: "password", Type: "password", Label: say("password.new"), Hint: say("password.rule", "least", p.Passwords.MinLength),
			Autocomplete: "new-password", Required: true, Problem: wrong.password},
		{Name: "again", Type: "password", Label: say("password.again"), Autocomplete: "new-password", Required: true, Problem: wrong.again},
	}}
	return p.reply(w, r, c, status, view{Template: "reset", Title: say("reset.title"), Data: form, Secret: true})
}

// refuse says that a link is not good, if that is so.
func (p resets) refuse(w http.ResponseWriter, r *http.Request, c *gate.Caller, err error) error {
	if fed.KindOf(err) != fed.NotFound {
		return err
	}
	return p.reply(w, r, c, c.Refuse(w, err).Status, view{Template: "reset", Title: say("reset.title"), Data: resetForm{}, Secret: true})
}
