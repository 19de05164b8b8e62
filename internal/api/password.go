// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/auth"
	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/web"
)

// password is the value of that key in a body. The zero password is none.
type password struct {
	text string // "" when none was sent, or null, or ""
	hash bool   // text is a bcrypt hash already
}

// plain reports whether the text is to be hashed.
func (p password) plain() bool { return p.text != "" && !p.hash }

func readPassword(value json.RawMessage) (password, error) {
	var text string
	if value != nil && json.Unmarshal(value, &text) != nil { // null leaves ""
		return password{}, fed.Errorf(fed.Invalid, "password must be a text or null.")
	}
	return password{text: text, hash: auth.IsHash(text)}, nil
}

// checkPassword refuses, as Invalid, a password that no new person may have.
func (s *Server) checkPassword(p password) error {
	if p.plain() {
		return s.Passwords.Check(p.text)
	}
	return s.Passwords.CheckHash(p.text)
}

// hashNew puts the hash of a new person's password into what is filled in. That the id
// was deleted is found out before.
func (s *Server) hashNew(r *http.Request, by fed.Write, p *newPerson) error {
	if err := s.Store.CheckNewPerson(r.Context(), by, p.id); err != nil {
		return err
	}
	hash, err := s.hash(r, p.id, p.password.text)
	if err != nil {
		return err
	}
	p.keys["password"] = hash
	p.filled, err = fill(p.keys)
	return err
}

// hash makes the hash of somebody's new password. It takes as long as a login.
func (s *Server) hash(r *http.Request, id, text string) (string, error) {
	return s.Verifier.Hash(r.Context(), eventOf(r).from, caller(r).ID, id, text)
}

// samePassword reports whether a repeated creation has the password that the
// account has now: a hash is compared as it is, a plain one is a login attempt.
// Without a password there is nothing to compare.
func (s *Server) samePassword(r *http.Request, id string, p password, hash string) (bool, error) {
	if p.plain() && hash != "" {
		return s.Verifier.Matches(r.Context(), eventOf(r).from, id, hash, p.text)
	}
	return p.text == "" || p.text == hash, nil
}

// newPassword checks the value of a patch's password, and has a plain one hashed into
// the change.
func (s *Server) newPassword(r *http.Request, by fed.Write, value json.RawMessage, c *store.PersonChange) error {
	if !s.may(r, http.MethodPost, access.Password) {
		return fed.Errorf(fed.Forbidden, "Changing this password needs the grant \"password\" under POST.")
	}
	p, err := readPassword(value)
	if err != nil {
		return err
	}
	if !p.plain() {
		return s.Passwords.CheckHash(p.text)
	}
	if err := s.Passwords.CheckNew(param(r, "person"), p.text); err != nil {
		return err
	}
	return s.hashInto(r, by, p.text, c)
}

// hashInto has a new password hashed into a change that nothing else refuses as things
// are; the statement that writes decides again.
func (s *Server) hashInto(r *http.Request, by fed.Write, text string, c *store.PersonChange) error {
	if err := s.Store.CheckPersonChange(r.Context(), by, param(r, "person"), *c); err != nil {
		return err
	}
	hash, err := s.hash(r, param(r, "person"), text)
	if err != nil {
		return err
	}
	c.Filled, err = fill(map[string]any{"password": hash})
	return err
}

func (s *Server) getPassword(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Store.Person(r.Context(), param(r, "person")); err != nil {
		return err
	}
	return s.passwordForm(w, r, http.StatusOK, "")
}

// postPassword takes the form. What is wrong with the password is said in the
// form; other errors have their own page.
func (s *Server) postPassword(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, longestForm)
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	text, again := r.PostForm.Get("password"), r.PostForm.Get("pconfirm")
	if text != again {
		return s.passwordForm(w, r, http.StatusUnprocessableEntity, "The two passwords are not the same.")
	}
	err := s.changePassword(r, text)
	var known *fed.Error
	if errors.As(err, &known) && known.Kind == fed.Invalid {
		return s.passwordForm(w, r, http.StatusUnprocessableEntity, known.Msg)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/")
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// changePassword stores a password as it was typed, even if it looks like a hash.
func (s *Server) changePassword(r *http.Request, text string) error {
	if err := s.Passwords.CheckNew(param(r, "person"), text); err != nil {
		return err
	}
	by := fed.Write{Account: caller(r).ID, Request: eventOf(r).id}
	change := store.PersonChange{
		Patch: fed.Record("{}"), Filled: fed.Record("{}"), Roles: fed.Record("{}"),
		Administers: s.administers(r), Own: own(r), Password: true,
	}
	if err := s.hashInto(r, by, text, &change); err != nil {
		return err
	}
	_, err := s.changePerson(r, by, change)
	return err
}

// longestForm is far more bytes than two passwords have; of a form of megabytes
// millions of fields would be made.
const longestForm = 16 << 10

func (s *Server) passwordForm(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	page, err := web.PasswordForm(param(r, "person"), problem)
	if err != nil {
		return err
	}
	writePage(w, status, page)
	return nil
}

func formError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fed.Errorf(fed.TooLarge, "The form is too large.")
	}
	return fed.Errorf(fed.Malformed, "The form cannot be read.") // err may quote it, and is not for the log
}
