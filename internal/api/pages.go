// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

func (s *Server) getPage(w http.ResponseWriter, r *http.Request) error {
	if asked, err := s.oldVersion(w, r, access.Page, pagePast(r)); asked {
		return err
	}
	stored, err := s.Store.Page(r.Context(), param(r, "person"), param(r, "page"))
	if err != nil {
		return err
	}
	return writeStored(w, r, stored)
}

// postPage adds a page to the book of the path, whatever the body says of book and
// author: a phone writes pages before it has an account, and sends them as they are
// afterwards. Phones push a page again and again until they
// see an answer below 400: the same page again is a success.
func (s *Server) postPage(w http.ResponseWriter, r *http.Request) error {
	book, id := param(r, "person"), param(r, "page")
	if err := record.CheckNewID(id); err != nil {
		return err
	}
	data, err := s.readRecord(r)
	if err != nil {
		return err
	}
	if !fields(data.Fields()).is("id", id) {
		return s.wrongPageID(r, book)
	}
	by, err := s.write(r, access.Page)
	if err != nil {
		return err
	}
	stored, isNew, err := s.Store.CreatePage(r.Context(), by, book, id, data)
	if err != nil {
		return err
	}
	return s.confirm(w, r, created(w, isNew, path("pols", book, id)), access.Page, stored)
}

// wrongPageID refuses a page whose body has another id, or none. A book of nobody is
// the greater mistake.
func (s *Server) wrongPageID(r *http.Request, book string) error {
	known, err := s.Store.HasPerson(r.Context(), book)
	if err == nil && !known {
		err = fed.Errorf(fed.NotFound, store.NoOwner)
	}
	if err != nil {
		return err
	}
	return fed.Errorf(fed.Invalid, "The body must have the page's id, as in the path.")
}

func (s *Server) patchPage(w http.ResponseWriter, r *http.Request) error {
	book, id := param(r, "person"), param(r, "page")
	patch, err := s.readRecord(r)
	if err != nil {
		return err
	}
	by, err := s.write(r, access.Page)
	if err != nil {
		return err
	}
	stored, err := s.Store.ChangePage(r.Context(), by, book, id, patch)
	if err != nil {
		return err
	}
	return s.confirm(w, r, http.StatusOK, access.Page, stored)
}

func (s *Server) deletePage(w http.ResponseWriter, r *http.Request) error {
	by, err := s.write(r, access.Page)
	if err != nil {
		return err
	}
	if err := s.Store.DeletePage(r.Context(), by, param(r, "person"), param(r, "page")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
