// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

func (s *Server) getPeople(w http.ResponseWriter, r *http.Request) error {
	asked, err := readSearch(r, s.SearchFields)
	if err != nil {
		return err
	}
	if !asked.all() {
		return s.findPeople(w, r, asked)
	}
	return asked.writeRecords(w, r, func(take func(fed.Record) error) error {
		return s.Store.EachPerson(r.Context(), take)
	})
}

func (s *Server) getPerson(w http.ResponseWriter, r *http.Request) error {
	if asked, err := s.oldVersion(w, r, access.Person, personPast(r)); asked {
		return err
	}
	id := param(r, "person")
	stored, err := s.Store.Person(r.Context(), id)
	if err != nil {
		return err
	}
	if err := s.tellRelated(w, r, id, stored.Linked); err != nil {
		return err
	}
	return writeStored(w, r, stored)
}

// postPerson creates a person. Who is sent again with the same content is a
// success; the Python server's clients know 422 for who exists already.
func (s *Server) postPerson(w http.ResponseWriter, r *http.Request) error {
	id, err := s.newPersonID(r)
	if err != nil {
		return err
	}
	data, err := s.readRecord(r)
	if err != nil {
		return err
	}
	by, err := s.write(r, access.Person)
	if err != nil {
		return err
	}
	person, err := s.newPerson(r, id, data)
	if err != nil {
		return err
	}
	stored, isNew, err := s.createPerson(r, by, person)
	if err != nil {
		return err
	}
	return s.confirm(w, r, created(w, isNew, path("people", id)), access.Person, stored)
}

// newPersonID gives the id of a person to be created. Who is there in the spelling of
// the path, as others stored it, exists already.
func (s *Server) newPersonID(r *http.Request) (string, error) {
	spelled := eventOf(r).spelled
	id, err := record.NewPersonID(spelled)
	if err != nil || id == spelled || id == param(r, "person") {
		return id, err
	}
	exists, err := s.Store.HasPerson(r.Context(), spelled)
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
	filled   fed.Record
	password password
}

// newPerson reads roles, active and password of a person that the caller sends.
func (s *Server) newPerson(r *http.Request, id string, data fed.Record) (p newPerson, err error) {
	sent := fields(data.Fields())
	roles, err := s.newRoles(r, sent["roles"])
	if err != nil {
		return p, err
	}
	if !isSwitch(sent["active"]) {
		return p, fed.Errorf(fed.Invalid, store.ActiveRule)
	}
	p = newPerson{id: id, data: data}
	if p.password, err = readPassword(sent["password"]); err != nil {
		return p, err
	}
	keys := map[string]any{"id": id, "roles": roles}
	if err := s.hash(r, id, p.password, keys); err != nil {
		return p, err
	}
	p.filled, err = fill(keys)
	return p, err
}

// createPerson stores a person, or finds that the same was stored before.
func (s *Server) createPerson(r *http.Request, by fed.Write, p newPerson) (stored fed.Stored, isNew bool, err error) {
	stored, isNew, err = s.Store.CreatePerson(r.Context(), by, p.id, p.data, p.filled)
	if err != nil || isNew {
		return stored, isNew, err
	}
	stored, hash, same, err := s.Store.RepeatedPerson(r.Context(), by, p.id, p.data, p.filled)
	if err == nil && same {
		same, err = s.samePassword(r, p.id, p.password, hash)
	}
	if err == nil && !same {
		err = userExists()
	}
	return stored, false, err
}

func (s *Server) patchPerson(w http.ResponseWriter, r *http.Request) error {
	id := param(r, "person")
	patch, err := s.readRecord(r)
	if err != nil {
		return err
	}
	by, err := s.write(r, access.Person)
	if err != nil {
		return err
	}
	change, err := s.personChange(r, patch, fields(patch.Fields()))
	if err != nil {
		return err
	}
	stored, err := s.Store.ChangePerson(r.Context(), by, id, change)
	s.Verifier.Forget(id) // even if it failed: the change may have been made before the answer was lost
	if err != nil {
		return err
	}
	return s.confirm(w, r, http.StatusOK, access.Person, stored)
}

// personChange reads roles and password of a patch. Whether roles change is not
// known here: the store compares them with what it has.
func (s *Server) personChange(r *http.Request, patch fed.Record, sent fields) (c store.PersonChange, err error) {
	c = store.PersonChange{Patch: patch, Administers: s.administers(r), Own: own(r)}
	roles, keys := map[string]any{}, map[string]any{}
	if value, ok := sent["roles"]; ok {
		names, valid := readRoles(value)
		c.WrongRoles = !valid
		if valid {
			roles["roles"] = names
		}
	}
	if c.Roles, err = fill(roles); err != nil {
		return c, err
	}
	if value, ok := sent["password"]; ok {
		c.Password = true
		if err := s.newPassword(r, value, keys); err != nil {
			return c, err
		}
	}
	c.Filled, err = fill(keys)
	return c, err
}

func (s *Server) deletePerson(w http.ResponseWriter, r *http.Request) error {
	id := param(r, "person")
	by, err := s.write(r, access.Person)
	if err != nil {
		return err
	}
	err = s.Store.DeletePerson(r.Context(), by, id)
	s.Verifier.Forget(id)
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
