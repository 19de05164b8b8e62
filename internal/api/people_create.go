// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
)

// postPerson creates a person. The same person with the same content again is a success. An id
// that exists with other content is refused with 422, which the Python server's clients know.
func (h *people) postPerson(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	id, err := h.newPersonID(r, c)
	if err != nil {
		return err
	}

	data, err := c.ReadRecord(r)
	if err != nil {
		return err
	}

	by, err := c.Write(r, access.Person)
	if err != nil {
		return err
	}

	person, err := h.newPerson(c, id, data)
	if err != nil {
		return err
	}

	stored, isNew, err := h.createPerson(r, c, by, person)
	if err != nil {
		return err
	}

	c.WarnOfRoles(w, sentRoles(data))
	return c.Confirm(w, createdStatus(w, isNew, c.Path("people", id)), access.Person, stored)
}

// newPersonID gives the id of a person to be created. It refuses one that is already stored in
// the spelling of the path, as other programs store them.
func (h *people) newPersonID(r *http.Request, c *gate.Caller) (string, error) {
	spelled := c.Spelled
	id, err := record.NewPersonID(spelled)
	if err != nil || id == spelled || id == c.Subject {
		return id, err
	}

	exists, err := h.db.HasPerson(r.Context(), spelled)
	if err != nil {
		return id, err
	}
	if exists {
		return id, userExists()
	}
	return id, nil
}

func userExists() error { return fed.Errorf(fed.Invalid, "User already exists") }

// newPerson is a person to be created, with what the server fills in.
type newPerson struct {
	id       string
	data     fed.Record
	filled   record.Overrides
	password record.Password
}

// newPerson reads roles, active and password of a person that the caller sends.
func (h *people) newPerson(c *gate.Caller, id string, data fed.Record) (p newPerson, err error) {
	sent := record.KeysOf(data)
	roles, err := record.NewRoles(sent.Roles, c.Administers())
	if err != nil {
		return p, err
	}
	if err := record.CheckActive(sent.Active); err != nil {
		return p, err
	}
	if err := record.CheckInstitution(sent.Institution, c.Administers()); err != nil {
		return p, err
	}

	p = newPerson{id: id, data: data}
	p.filled.Set("id", id)
	p.filled.Set("roles", roles)

	p.password, err = record.ReadPassword(sent.Password)
	if err != nil {
		return p, err
	}

	return p, h.passwords.CheckSent(p.password)
}

// createPerson stores a person, or finds that the same was stored before. A plain password is
// hashed only for an id that is still free.
func (h *people) createPerson(r *http.Request, c *gate.Caller, by fed.Write, p newPerson) (stored fed.Stored, isNew bool, err error) {
	if p.password.Plain() {
		stored, known, err := h.findRepeatedPerson(r, c, by, p)
		if err != nil || known {
			return stored, false, err
		}
		if err := h.hashNewPassword(r, c, by, &p); err != nil {
			return stored, false, err
		}
	}

	stored, isNew, err = h.db.CreatePerson(r.Context(), by, p.id, p.data, p.filled.Record())
	if err != nil || isNew {
		return stored, isNew, err
	}

	stored, known, err := h.findRepeatedPerson(r, c, by, p)
	if err != nil {
		return stored, false, err
	}
	if !known { // gone again meanwhile
		return stored, false, userExists()
	}
	return stored, false, nil
}

// hashNewPassword adds the hash of a new person's password to the keys that the server fills in.
// An id that was deleted is refused before the hash.
func (h *people) hashNewPassword(r *http.Request, c *gate.Caller, by fed.Write, p *newPerson) error {
	if err := h.db.CheckNewPerson(r.Context(), by, p.id); err != nil {
		return err
	}

	hash, err := h.verifier.Hash(r.Context(), c.From, c.Account.ID, p.id, p.password.Text)
	if err != nil {
		return err
	}

	p.filled.Set("password", hash)
	return nil
}

// findRepeatedPerson compares a person with the stored one of this id; without one known is false.
func (h *people) findRepeatedPerson(r *http.Request, c *gate.Caller, by fed.Write, p newPerson) (stored fed.Stored, known bool, err error) {
	there, err := h.db.RepeatedPerson(r.Context(), by, p.id, p.data, p.filled.Record())
	if err != nil || !there.Known {
		return fed.Stored{}, false, err
	}

	if !there.Same {
		return there.Stored, true, userExists()
	}
	same, err := h.samePassword(r, c, p.id, p.password, there.Hash)
	if err != nil {
		return there.Stored, true, err
	}
	if !same {
		return there.Stored, true, userExists()
	}
	return there.Stored, true, nil
}

// samePassword reports whether a repeated creation has the account's present password. A hash is
// compared as text, a plain password counts as a login attempt, and no password is the same.
func (h *people) samePassword(r *http.Request, c *gate.Caller, id string, p record.Password, hash string) (bool, error) {
	if p.Plain() && hash != "" {
		return h.verifier.Matches(r.Context(), c.From, id, hash, p.Text)
	}
	return p.Text == "" || p.Text == hash, nil
}
