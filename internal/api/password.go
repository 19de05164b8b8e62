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

// hash checks the password of a new person and, if it is a plain one, puts its
// hash into keys.
func (s *Server) hash(r *http.Request, id string, p password, keys map[string]any) error {
	if !p.plain() {
		return s.Passwords.CheckHash(p.text)
	}
	if err := s.Passwords.CheckSize(p.text); err != nil {
		return err
	}
	hash, err := s.Verifier.Hash(r.Context(), eventOf(r).from, id, p.text)
	keys["password"] = hash
	return err
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

// newPassword checks the value of a patch's password, and puts the hash of a
// plain one into keys.
func (s *Server) newPassword(r *http.Request, value json.RawMessage, keys map[string]any) error {
	if !s.may(r, http.MethodPost, access.Password) {
		return fed.Errorf(fed.Forbidden, "Changing this password needs the grant \"password\" under POST.")
	}
	p, err := readPassword(value)
	if err != nil {
		return err
	}
	if p.plain() {
		if err := s.Passwords.CheckNew(param(r, "person"), p.text); err != nil {
			return err
		}
	}
	return s.hash(r, param(r, "person"), p, keys)
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
	id := param(r, "person")
	if err := s.Passwords.CheckNew(id, text); err != nil {
		return err
	}
	hash, err := s.Verifier.Hash(r.Context(), eventOf(r).from, id, text)
	if err != nil {
		return err
	}
	filled, err := fill(map[string]any{"password": hash})
	if err != nil {
		return err
	}
	by := fed.Write{Account: caller(r).ID, Request: eventOf(r).id}
	_, err = s.Store.ChangePerson(r.Context(), by, id, store.PersonChange{
		Patch: fed.Record("{}"), Filled: filled, Roles: fed.Record("{}"),
		Administers: s.administers(r), Own: own(r), Password: true,
	})
	s.Verifier.Forget(id)
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
