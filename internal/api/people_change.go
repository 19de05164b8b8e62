// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

func (h *people) patchPerson(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	return c.Patch(w, r, access.Person, func(by fed.Write, patch fed.Record) (fed.Stored, error) {
		change, err := h.personChange(r, c, by, patch)
		if err != nil {
			return fed.Stored{}, err
		}

		stored, err := h.changePerson(r, c, by, change)
		if err != nil {
			return fed.Stored{}, err
		}

		if c.Administers() { // others can only repeat them
			c.WarnOfRoles(w, sentRoles(patch))
		}
		return stored, nil
	})
}

// sentRoles gives the roles that a body names.
func sentRoles(body fed.Record) []string {
	names, _ := record.Roles(record.KeysOf(body).Roles)
	return names
}

// personChange reads roles and password of a patch. The store finds out whether the roles
// change: it compares them with the stored ones.
func (h *people) personChange(r *http.Request, c *gate.Caller, by fed.Write, patch fed.Record) (change store.PersonChange, err error) {
	change = store.PersonChange{Patch: patch, Administers: c.Administers(), Own: c.Own}
	sent, roles := record.KeysOf(patch), record.Overrides{}
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

// changePerson stores a change and invalidates cached logins of the account. A person who has
// changed the own password starts again without login failures.
func (h *people) changePerson(r *http.Request, c *gate.Caller, by fed.Write, change store.PersonChange) (fed.Stored, error) {
	id := c.Subject
	stored, err := h.db.ChangePerson(r.Context(), by, id, change)
	h.verifier.Invalidate(id) // even if it failed: the change may have been made before the answer was lost

	if err != nil {
		return stored, err
	}

	if change.Password && change.Own {
		h.verifier.ResetFailures(c.From, id)
	}
	return stored, nil
}
