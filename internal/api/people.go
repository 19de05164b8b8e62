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

// people has the handlers of persons and of their passwords, roles, links and matches.
type people struct {
	history
	verifier  *auth.Verifier
	passwords record.PasswordRules
	searches  gate.Parameters[personSearch]
}

func (h *people) getPeople(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	asked, err := h.readSearch(r, c)
	if err != nil {
		return err
	}
	if !asked.All() {
		return h.searchPeople(w, r, c, asked)
	}
	if err := c.RecordEverybody(); err != nil {
		return err
	}

	return asked.WriteRecords(w, r, func(flow store.Flow, take func(fed.Record) error) error {
		return h.db.For(c.Reader()).EachPerson(r.Context(), flow, take)
	})
}

func (h *people) getPerson(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if asked, err := h.replyVersion(w, r, c, access.Person, personHistory(c)); asked {
		return err
	}

	id := c.Subject
	stored, err := h.db.For(c.Reader()).Person(r.Context(), id)
	if err != nil {
		return err
	}
	if err := h.setRelatedLinks(w, r, c, id, stored.Linked); err != nil {
		return err
	}

	return gate.ReplyStored(w, r, stored)
}

func (h *people) deletePerson(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	return c.Delete(w, r, access.Person, func(by fed.Write) error {
		defer h.verifier.Invalidate(c.Subject) // even if it failed: the person may be gone before the answer was lost
		return h.db.DeletePerson(r.Context(), by, c.Subject)
	})
}
