// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// deleteBook succeeds only on a book without pages: nobody loses a life's history
// by leaving a page's id out of a path.
func (s *Server) deleteBook(w http.ResponseWriter, r *http.Request) error {
	hasPages, err := s.Store.HasPages(r.Context(), param(r, "person"))
	if err != nil {
		return err
	}
	if hasPages {
		return fed.Errorf(fed.Conflict, "The book has pages; they are deleted one by one.")
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

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

// postPage adds a page to a book. Phones push a page again and again until they
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
	if err := samePage(fields(data.Fields()), book, id); err != nil {
		if _, unknown := s.Store.HasPages(r.Context(), book); unknown != nil {
			return unknown // a book of nobody is the greater mistake
		}
		return err
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

// samePage refuses a new page that does not say its id, or names another book.
func samePage(sent fields, book, id string) error {
	if !sent.is("id", id) {
		return fed.Errorf(fed.Invalid, "The body must have the page's id, as in the path.")
	}
	return sent.repeats("book", book)
}

func (s *Server) patchPage(w http.ResponseWriter, r *http.Request) error {
	book, id := param(r, "person"), param(r, "page")
	patch, err := s.readRecord(r)
	if err != nil {
		return err
	}
	sent := fields(patch.Fields())
	if err := sent.repeats("id", id); err != nil {
		return err
	}
	if err := sent.repeats("book", book); err != nil {
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
