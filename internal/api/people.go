// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/auth"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// people answers for persons and what belongs to each: password, roles, links.
type people struct {
	history
	verifier  *auth.Verifier
	passwords record.Passwords
	searched  []string // keys of persons that a search may compare
}

func (h *people) getPeople(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	asked, err := readSearch(r, h.searched)
	if err != nil {
		return err
	}
	if !asked.All() {
		return h.findPeople(w, r, c, asked)
	}
	return asked.WriteRecords(w, r, c, func(flow store.Flow, take func(fed.Record) error) error {
		return h.db.EachPerson(r.Context(), flow, take)
	})
}

func (h *people) getPerson(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if asked, err := h.oldVersion(w, r, c, access.Person, personPast(c)); asked {
		return err
	}
	id := c.Subject
	stored, err := h.db.Person(r.Context(), id)
	if err != nil {
		return err
	}
	if err := h.tellRelated(w, r, c, id, stored.Linked); err != nil {
		return err
	}
	return gate.ReplyStored(w, r, stored)
}

// postPerson creates a person. Who is sent again with the same content is a
// success; the Python server's clients know 422 for who exists already.
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
	return c.Confirm(w, created(w, isNew, path("people", id)), access.Person, stored)
}

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

func (h *people) patchPerson(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	patch, err := c.ReadRecord(r)
	if err != nil {
		return err
	}
	by, err := c.Write(r, access.Person)
	if err != nil {
		return err
	}
	change, err := h.personChange(r, c, by, patch)
	if err != nil {
		return err
	}
	stored, err := h.changePerson(r, c, by, change)
	if err != nil {
		return err
	}
	return c.Confirm(w, http.StatusOK, access.Person, stored)
}

// personChange reads roles and password of a patch. Whether roles change is not
// known here: the store compares them with what it has.
func (h *people) personChange(r *http.Request, c *gate.Caller, by fed.Write, patch fed.Record) (change store.PersonChange, err error) {
	change = store.PersonChange{Patch: patch, Filled: fed.Record("{}"), Administers: c.Administers(), Own: c.Own}
	sent, roles := record.KeysOf(patch), record.Filled{}
	if sent.Roles != nil {
		names, valid := record.Roles(sent.Roles)
		change.WrongRoles = !valid
		if valid {
			roles.Set("roles", names)
		}
	}
	change.Roles = roles.Record()

	if sent.Password == nil {
		return change, nil
	}
	change.Password = true
	return change, h.newPassword(r, c, by, sent.Password, &change)
}

// changePerson stores a change, and makes it known here at once. Whoever has changed
// the own password begins without failures.
func (h *people) changePerson(r *http.Request, c *gate.Caller, by fed.Write, change store.PersonChange) (fed.Stored, error) {
	id := c.Subject
	stored, err := h.db.ChangePerson(r.Context(), by, id, change)
	h.verifier.Forget(id) // even if it failed: the change may have been made before the answer was lost
	if err == nil && change.Password && change.Own {
		h.verifier.Forgive(c.From, id)
	}
	return stored, err
}

func (h *people) deletePerson(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	id := c.Subject
	by, err := c.Write(r, access.Person)
	if err != nil {
		return err
	}
	err = h.db.DeletePerson(r.Context(), by, id)
	h.verifier.Forget(id)
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
