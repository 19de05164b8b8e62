// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// getLinks answers with what is known of a person and others: [[{link}],...].
func (s *Server) getLinks(w http.ResponseWriter, r *http.Request) error {
	person := param(r, "person")
	part, err := readPaging(r, path("people", person, "links"), noFilters)
	if err != nil {
		return err
	}
	return s.writeAsked(w, r, func(l *list) error {
		return s.Store.Links(r.Context(), person, part.span(w), func(link store.Link) error {
			return l.add([]byte("["), appendLink(nil, link), []byte("]"))
		})
	})
}

// appendLink appends a link as a JSON object. What follows from others was said by
// nobody, at no time.
func appendLink(b []byte, l store.Link) []byte {
	b = fed.AppendText(append(b, `{"person":`...), l.Other)
	b = strconv.AppendBool(append(b, `,"same":`...), l.Same)
	b = strconv.AppendBool(append(b, `,"direct":`...), l.Direct)
	b = append(b, `,"time":`...)
	if l.Time == nil {
		b = append(b, "null"...)
	} else {
		b = append(l.Time.UTC().AppendFormat(append(b, '"'), changeTime), '"')
	}
	b = appendNullable(append(b, `,"account":`...), l.Account)
	return append(b, '}')
}

// postLink records that the person is the same as another one, or is not.
func (s *Server) postLink(w http.ResponseWriter, r *http.Request) error {
	person := param(r, "person")
	data, err := s.readRecord(r)
	if err != nil {
		return err
	}
	var other *string
	var same *bool
	sent := fields(data.Fields())
	switch {
	case json.Unmarshal(sent["person"], &other) != nil || other == nil:
		return fed.Errorf(fed.Invalid, "person must be the id of the other person.")
	case json.Unmarshal(sent["same"], &same) != nil || same == nil:
		return fed.Errorf(fed.Invalid, "same must be true or false.")
	case *other == person:
		return fed.Errorf(fed.Invalid, "A person cannot be linked with itself.")
	}
	link, isNew, err := s.Store.Link(r.Context(), fed.Write{Account: caller(r).ID, Request: eventOf(r).id}, person, *other, *same)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if isNew {
		status = http.StatusCreated
	}
	shown := []byte("{}")
	if s.shows(r, status, access.Links) {
		shown = appendLink(nil, link)
	}
	write(w, status, jsonType, shown)
	return nil
}

func (s *Server) deleteLink(w http.ResponseWriter, r *http.Request) error {
	if err := s.Store.Unlink(r.Context(), param(r, "person"), param(r, "other")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// reachesAll reports whether the caller's roles reach everybody's records of an
// endpoint. Who reaches the own ones only is not told of others.
func (s *Server) reachesAll(r *http.Request, endpoint access.Endpoint) bool {
	return s.policy.Load().Reach(caller(r).Roles, http.MethodGet, endpoint) == access.Everybodys
}

// tellRelated names, in a header, the others who are the same as a person, to who
// may read them.
func (s *Server) tellRelated(w http.ResponseWriter, r *http.Request, person, linked string) error {
	if linked == "" || !s.reachesAll(r, access.Person) {
		return nil
	}
	same, err := s.Store.Same(r.Context(), linked)
	if err != nil {
		return err
	}
	var related []string
	for _, id := range same {
		if id != person {
			related = append(related, "<"+path("people", id)+`>; rel="related"`)
		}
	}
	if len(related) > 0 {
		w.Header().Set("Link", strings.Join(related, ", "))
	}
	return nil
}

// linkedBooks gives the books of a person and of who is the same, as far as the
// caller may read them. The access record will name them all.
func (s *Server) linkedBooks(r *http.Request, person string) (books []string, err error) {
	if !s.reachesAll(r, access.Book) {
		return []string{person}, nil
	}
	if books, err = s.Store.Cluster(r.Context(), person); err != nil {
		return nil, err
	}
	eventOf(r).visit.others = slices.DeleteFunc(slices.Clone(books), func(id string) bool { return id == person })
	return books, nil
}
