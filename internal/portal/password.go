// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

// passwordForm is the form for a new password. What was typed is never sent back.
type passwordForm struct {
	Allowed bool    // the caller's roles grant it; else the page says whom to ask
	Problem message // about the whole form
	Fields  []field
}

func (p accounts) getPassword(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	return p.showPassword(w, r, c, http.StatusOK, passwordProblems{})
}

// passwordProblems say what was wrong with the last try.
type passwordProblems struct{ form, old, password, again message }

func (p accounts) showPassword(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, wrong passwordProblems) error {
	form := passwordForm{Allowed: c.May(http.MethodPost, access.Password), Problem: wrong.form, Fields: []field{
		{Name: "old", Type: "password", Label: say("password.old"), Autocomplete: "current-password", Required: true, Problem: wrong.old},
		{Name: "password", Type: "password", Label: say("password.new"), Hint: say("password.rule", "least", p.Passwords.MinLength),
			Autocomplete: "new-password", Required: true, Problem: wrong.password},
		{Name: "again", Type: "password", Label: say("password.again"), Autocomplete: "new-password", Required: true, Problem: wrong.again},
	}}
	return p.reply(w, r, c, status, view{Template: "password", Title: say("password.title"), Data: form})
}

// postPassword changes the caller's own password. Whoever finds a browser signed in does not
// know the old one. All other sessions end; this one goes on.
func (p accounts) postPassword(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := readForm(w, r); err != nil {
		return err
	}

	old, password := r.PostForm.Get("old"), r.PostForm.Get("password")
	if password != r.PostForm.Get("again") {
		return p.showPassword(w, r, c, http.StatusUnprocessableEntity, passwordProblems{again: say("password.differ")})
	}
	if _, err := p.Verifier.Verify(r.Context(), c.From, c.Account.ID, old); err != nil {
		return p.refuseOld(w, r, c, err)
	}

	hash, err := p.ChangePassword(r, c, password)
	if fed.KindOf(err) == fed.Invalid {
		return p.showPassword(w, r, c, http.StatusUnprocessableEntity, passwordProblems{password: say("password.refused", "least", p.Passwords.MinLength)})
	}
	if err != nil {
		return err
	}

	if err := p.Store.RenewSession(r.Context(), c.WebSession.Key, hash); err != nil {
		return err
	}
	return p.done(w, r, c, "done.password_changed", "/portal/")
}

// refuseOld says that the old password is wrong, or that too many were.
func (p accounts) refuseOld(w http.ResponseWriter, r *http.Request, c *gate.Caller, err error) error {
	switch fed.KindOf(err) {
	case fed.Unauthenticated:
		c.Note(err)
		return p.showPassword(w, r, c, http.StatusUnprocessableEntity, passwordProblems{old: say("password.wrong")})
	case fed.TooMany:
		reply := c.Refuse(w, err)
		return p.showPassword(w, r, c, reply.Status, passwordProblems{form: say("sign_in.too_many", "seconds", reply.Wait)})
	default:
		return err
	}
}
