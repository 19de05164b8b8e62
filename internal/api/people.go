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
	return asked.writeRecords(s, w, r, func(flow store.Flow, take func(fed.Record) error) error {
		return s.Store.EachPerson(r.Context(), flow, take)
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
	keys     map[string]any // that are set in data
	filled   fed.Record     // the same
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
	p = newPerson{id: id, data: data, keys: map[string]any{"id": id, "roles": roles}}
	if p.password, err = readPassword(sent["password"]); err != nil {
		return p, err
	}
	if err := s.checkPassword(p.password); err != nil {
		return p, err
	}
	p.filled, err = fill(p.keys)
	return p, err
}

// createPerson stores a person, or finds that the same was stored before. A plain
// password is hashed only if nobody is there yet.
func (s *Server) createPerson(r *http.Request, by fed.Write, p newPerson) (stored fed.Stored, isNew bool, err error) {
	if p.password.plain() {
		stored, known, err := s.repeatPerson(r, by, p)
		if err != nil || known {
			return stored, false, err
		}
		if err := s.hashNew(r, by, &p); err != nil {
			return stored, false, err
		}
	}

	stored, isNew, err = s.Store.CreatePerson(r.Context(), by, p.id, p.data, p.filled)
	if err != nil || isNew {
		return stored, isNew, err
	}
	stored, known, err := s.repeatPerson(r, by, p)
	if err == nil && !known { // gone again meanwhile
		err = userExists()
	}
	return stored, false, err
}

// repeatPerson compares a person with the one who is there, if known.
func (s *Server) repeatPerson(r *http.Request, by fed.Write, p newPerson) (stored fed.Stored, known bool, err error) {
	there, err := s.Store.RepeatedPerson(r.Context(), by, p.id, p.data, p.filled)
	if err != nil || !there.Known {
		return fed.Stored{}, false, err
	}
	same := there.Same
	if same {
		same, err = s.samePassword(r, p.id, p.password, there.Hash)
	}
	if err == nil && !same {
		err = userExists()
	}
	return there.Stored, true, err
}

func (s *Server) patchPerson(w http.ResponseWriter, r *http.Request) error {
	patch, err := s.readRecord(r)
	if err != nil {
		return err
	}
	by, err := s.write(r, access.Person)
	if err != nil {
		return err
	}
	change, err := s.personChange(r, by, patch, fields(patch.Fields()))
	if err != nil {
		return err
	}
	stored, err := s.changePerson(r, by, change)
	if err != nil {
		return err
	}
	return s.confirm(w, r, http.StatusOK, access.Person, stored)
}

// personChange reads roles and password of a patch. Whether roles change is not
// known here: the store compares them with what it has.
func (s *Server) personChange(r *http.Request, by fed.Write, patch fed.Record, sent fields) (c store.PersonChange, err error) {
	c = store.PersonChange{Patch: patch, Filled: fed.Record("{}"), Administers: s.administers(r), Own: own(r)}
	roles := map[string]any{}
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

	value, ok := sent["password"]
	if !ok {
		return c, nil
	}
	c.Password = true
	return c, s.newPassword(r, by, value, &c)
}

// changePerson stores a change, and makes it known here at once. Whoever has changed
// the own password begins without failures.
func (s *Server) changePerson(r *http.Request, by fed.Write, c store.PersonChange) (fed.Stored, error) {
	id := param(r, "person")
	stored, err := s.Store.ChangePerson(r.Context(), by, id, c)
	s.Verifier.Forget(id) // even if it failed: the change may have been made before the answer was lost
	if err == nil && c.Password && c.Own {
		s.Verifier.Forgive(eventOf(r).from, id)
	}
	return stored, err
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
