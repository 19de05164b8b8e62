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

// books has the handlers of books of life and their pages.
type books struct{ history }

func (h *books) getPage(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if asked, err := h.replyVersion(w, r, c, access.Page, pageHistory(c)); asked {
		return err
	}

	stored, err := h.db.For(c.Reader()).Page(r.Context(), c.Subject, c.Param("page"))
	if err != nil {
		return err
	}
	return gate.ReplyStored(w, r, stored)
}

// postPage adds a page to the book of the path, whatever the body says of book and
// author: a phone writes pages before it has an account, and sends them as they are
// afterwards. Phones push a page again and again until they see a status below 400, so the
// same page again is a success.
func (h *books) postPage(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	book, id := c.Subject, c.Param("page")
	if err := record.CheckNewID(id); err != nil {
		return err
	}

	data, err := c.ReadRecord(r)
	if err != nil {
		return err
	}
	if !record.Is(record.KeysOf(data).ID, id) {
		return h.wrongPageID(r, book)
	}

	by, err := c.Write(r, access.Page)
	if err != nil {
		return err
	}

	stored, isNew, err := h.db.CreatePage(r.Context(), by, book, id, data)
	if err != nil {
		return err
	}

	return c.Confirm(w, createdStatus(w, isNew, c.Path("pols", book, id)), access.Page, stored)
}

// wrongPageID refuses a page whose body has another id, or none. If the book's person does not
// exist either, the reply says that instead.
func (h *books) wrongPageID(r *http.Request, book string) error {
	known, err := h.db.HasPerson(r.Context(), book)
	if err != nil {
		return err
	}
	if !known {
		return fed.Errorf(fed.NotFound, store.NoOwner)
	}
	return fed.Errorf(fed.Invalid, "The body must have the page's id, as in the path.")
}

func (h *books) patchPage(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	return c.Patch(w, r, access.Page, func(by fed.Write, patch fed.Record) (fed.Stored, error) {
		return h.db.ChangePage(r.Context(), by, c.Subject, c.Param("page"), patch)
	})
}

func (h *books) deletePage(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	return c.Delete(w, r, access.Page, func(by fed.Write) error {
		return h.db.DeletePage(r.Context(), by, c.Subject, c.Param("page"))
	})
}
