// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"errors"
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
	"thalamus/internal/web"
)

// newPassword checks the password of a patch. A plain one is hashed into the change.
func (h *people) newPassword(r *http.Request, c *gate.Caller, by fed.Write, value []byte, change *store.PersonChange) error {
	if !c.May(http.MethodPost, access.Password) {
		return c.Lacks(http.MethodPost, access.Password)
	}

	p, err := record.ReadPassword(value)
	if err != nil {
		return err
	}
	if !p.Plain() {
		return h.passwords.CheckHash(p.Text)
	}
	if err := h.passwords.CheckNew(c.Subject, p.Text); err != nil {
		return err
	}

	_, err = h.hashPassword(r, c, by, p.Text, change)
	return err
}

// hashPassword hashes a new password into a change. It first asks the store whether the change
// would be refused, to spare the hash; the statement that writes decides again.
func (h *people) hashPassword(r *http.Request, c *gate.Caller, by fed.Write, text string, change *store.PersonChange) (hash string, err error) {
	if err := h.db.CheckPersonChange(r.Context(), by, c.Subject, *change); err != nil {
		return "", err
	}

	hash, err = h.verifier.Hash(r.Context(), c.From, c.Account.ID, c.Subject, text)
	if err != nil {
		return "", err
	}

	var filled record.Overrides
	filled.Set("password", hash)
	change.Filled = filled.Record()
	return hash, nil
}

func (h *people) getPassword(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if _, err := h.db.For(c.Reader()).Person(r.Context(), c.Subject); err != nil {
		return err
	}
	return h.passwordForm(w, c, http.StatusOK, "")
}

// postPassword takes the form. A password that breaks a rule brings the form back with that
// rule; other errors have their own page.
func (h *people) postPassword(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxPasswordForm)
	if err := r.ParseForm(); err != nil {
		return gate.UnreadableForm(err)
	}

	text, again := r.PostForm.Get("password"), r.PostForm.Get("pconfirm")
	if text != again {
		return h.passwordForm(w, c, http.StatusUnprocessableEntity, "The two passwords are not the same.")
	}

	_, err := h.changePassword(r, c, text)
	var known *fed.Error
	if errors.As(err, &known) && known.Kind == fed.Invalid {
		return h.passwordForm(w, c, http.StatusUnprocessableEntity, known.Msg)
	}
	if err != nil {
		return err
	}

	setFlash(w, c)
	w.Header().Set("Location", c.Path(""))
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// ChangePassword gives a function that stores a new password of a request's subject, with the
// rules of the form here, for other forms.
func ChangePassword(o Options) func(r *http.Request, c *gate.Caller, text string) (hash string, err error) {
	h := &people{history: history{o.Store}, verifier: o.Verifier, passwords: o.Passwords}
	return h.changePassword
}

// changePassword stores a password as it was typed, even if it looks like a hash, and gives
// the hash of it.
func (h *people) changePassword(r *http.Request, c *gate.Caller, text string) (hash string, err error) {
	if err := h.passwords.CheckNew(c.Subject, text); err != nil {
		return "", err
	}

	by := fed.Write{Account: c.Account.ID, Request: c.Request}
	change := store.PersonChange{Administers: c.Administers(), Own: c.Own, Password: true}
	hash, err = h.hashPassword(r, c, by, text, &change)
	if err != nil {
		return "", err
	}

	_, err = h.changePerson(r, c, by, change)
	return hash, err
}

// maxPasswordForm is a limit in bytes, far above two passwords. A form of megabytes would be
// parsed into millions of fields.
const maxPasswordForm = 16 << 10

func (h *people) passwordForm(w http.ResponseWriter, c *gate.Caller, status int, problem string) error {
	page, err := c.Site().PasswordForm(web.PasswordForm{Account: c.Subject, Problem: problem, Least: h.passwords.MinLength})
	if err != nil {
		return err
	}
	gate.ReplyPage(w, status, page)
	return nil
}
