// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
)

// newPersonID gives the id of a person to be created. Who is there in the spelling of
// the path, as others stored it, exists already.
func (h *people) newPersonID(r *http.Request, c *gate.Caller) (string, error) {
	spelled := c.Spelled
	id, err := record.NewPersonID(spelled)
	if err != nil || id == spelled || id == c.Subject {
		return id, err
	}
	exists, err := h.db.HasPerson(r.Context(), spelled)
	if err == nil && exists {
		err = userExists()
	}
	return id, err
}

func userExists() error { return fed.Errorf(fed.Invalid, "User already exists") }

// newPerson is a person to be created, with what the server fills in.
type newPerson struct {
	id       string
	data     fed.Record
	filled   record.Filled
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
	p = newPerson{id: id, data: data}
	p.filled.Set("id", id)
	p.filled.Set("roles", roles)
	if p.password, err = record.ReadPassword(sent.Password); err != nil {
		return p, err
	}
	return p, h.passwords.CheckSent(p.password)
}

// createPerson stores a person, or finds that the same was stored before. A plain
// password is hashed only if nobody is there yet.
func (h *people) createPerson(r *http.Request, c *gate.Caller, by fed.Write, p newPerson) (stored fed.Stored, isNew bool, err error) {
	if p.password.Plain() {
		stored, known, err := h.repeatPerson(r, c, by, p)
		if err != nil || known {
			return stored, false, err
		}
		if err := h.hashNew(r, c, by, &p); err != nil {
			return stored, false, err
		}
	}

	stored, isNew, err = h.db.CreatePerson(r.Context(), by, p.id, p.data, p.filled.Record())
	if err != nil || isNew {
		return stored, isNew, err
	}
	stored, known, err := h.repeatPerson(r, c, by, p)
	if err == nil && !known { // gone again meanwhile
		err = userExists()
	}
	return stored, false, err
}

// repeatPerson compares a person with the one who is there, if known.
func (h *people) repeatPerson(r *http.Request, c *gate.Caller, by fed.Write, p newPerson) (stored fed.Stored, known bool, err error) {
	there, err := h.db.RepeatedPerson(r.Context(), by, p.id, p.data, p.filled.Record())
	if err != nil || !there.Known {
		return fed.Stored{}, false, err
	}
	same := there.Same
	if same {
		same, err = h.samePassword(r, c, p.id, p.password, there.Hash)
	}
	if err == nil && !same {
		err = userExists()
	}
	return there.Stored, true, err
}
