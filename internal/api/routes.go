// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// handler answers a request of a caller who may ask. An error that it returns
// becomes the reply.
type handler func(w http.ResponseWriter, r *http.Request) error

// route is one row of what there is. HEAD needs no row: it is GET without the
// body. OPTIONS is answered for every pattern.
type route struct {
	method   string
	pattern  string
	endpoint access.Endpoint // what roles.cfg must grant; access.Public needs nothing
	pace     pace
	handle   handler
}

func (s *Server) routes() []route {
	const person, page, document = "/people/{person}", "/pols/{person}/{page}", "/personal_docs/{person}/{page}/{document}"
	const unit, institution = "/domiciliary-units/{unit}", "/institutions/{institution}"
	units, institutions := s.units(), s.institutions()
	return []route{
		{"GET", "/", access.Public, instant, s.getIndex},
		{"GET", "/health/live", access.Public, instant, s.getLive},
		{"GET", "/health/ready", access.Public, brief, s.getReady},
		{"GET", "/login", access.Login, instant, s.getLogin},

		{"GET", "/people", access.People, flowing, s.getPeople},
		{"GET", person, access.Person, flowing, s.getPerson},
		{"POST", person, access.Person, brief, s.postPerson},
		{"PATCH", person, access.Person, brief, s.patchPerson},
		{"DELETE", person, access.Person, brief, s.deletePerson},
		{"GET", person + "/history", access.History, flowing, s.getPersonHistory},
		{"GET", person + "/matches", access.Matches, brief, s.getMatches},
		{"GET", person + "/links", access.Links, flowing, s.getLinks},
		{"POST", person + "/links", access.Links, brief, s.postLink},
		{"DELETE", person + "/links/{other}", access.Links, brief, s.deleteLink},

		{"GET", "/pols/{person}", access.Book, flowing, s.getBook},
		{"GET", page, access.Page, brief, s.getPage},
		{"POST", page, access.Page, brief, s.postPage},
		{"PATCH", page, access.Page, brief, s.patchPage},
		{"DELETE", page, access.Page, brief, s.deletePage},
		{"GET", page + "/history", access.History, flowing, s.getPageHistory},

		{"GET", "/personal_docs/{person}", access.PersonalDocs, flowing, s.getDocuments},
		{"GET", "/personal_docs/{person}/{page}", access.PolDocs, flowing, s.getDocuments},
		{"POST", "/personal_docs/{person}/{page}", access.PolDocs, flowing, s.postDocument},
		{"GET", document, access.Document, flowing, s.getDocument},
		{"PATCH", document, access.Document, brief, s.patchDocument},
		{"DELETE", document, access.Document, brief, s.deleteDocument},

		{"GET", "/domiciliary-units", access.DomiciliaryUnits, flowing, units.list},
		{"GET", unit, access.DomiciliaryUnit, brief, units.get},
		{"POST", unit, access.DomiciliaryUnit, brief, units.post},
		{"PATCH", unit, access.DomiciliaryUnit, brief, units.patch},
		{"DELETE", unit, access.DomiciliaryUnit, brief, units.delete},

		{"GET", "/institutions", access.Institutions, flowing, institutions.list},
		{"GET", institution, access.Institution, brief, institutions.get},
		{"POST", institution, access.Institution, brief, institutions.post},
		{"PATCH", institution, access.Institution, brief, institutions.patch},
		{"DELETE", institution, access.Institution, brief, institutions.delete},

		{"GET", "/changes", access.Changes, flowing, s.getChanges},

		{"GET", "/password/{person}", access.Password, brief, s.getPassword},
		{"POST", "/password/{person}", access.Password, brief, s.postPassword},
	}
}

// router finds the rows of a path, and the one row of its method. chi matches the
// path as it was sent, so that an id with an encoded slash is one segment; what it
// would do with methods and contexts besides, no request needs.
func (s *Server) router() http.Handler {
	patterns := map[string]map[string]route{}
	for _, row := range s.routes() {
		if patterns[row.pattern] == nil {
			patterns[row.pattern] = map[string]route{}
		}
		patterns[row.pattern][row.method] = row
	}
	paths, handlers := chi.NewRouter(), map[string]http.Handler{}
	for pattern, rows := range patterns {
		paths.Get(pattern, http.NotFound) // only matched
		handlers[pattern] = s.reply(s.choose(rows))
	}
	nothing := s.reply(func(http.ResponseWriter, *http.Request) error {
		return fed.Errorf(fed.NotFound, "There is nothing at this path.")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ev := eventOf(r)
		ev.pattern = paths.Find(ev.routing, http.MethodGet, cmp.Or(r.URL.EscapedPath(), "/"))
		if handler, ok := handlers[ev.pattern]; ok {
			handler.ServeHTTP(w, r)
		} else {
			nothing(w, r)
		}
	})
}

// choose makes the handler of one path: each method goes to its row.
func (s *Server) choose(rows map[string]route) handler {
	allow := allowed(rows)
	return func(w http.ResponseWriter, r *http.Request) error {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		row, ok := rows[method]
		switch {
		case ok:
			return s.enter(row, w, r)
		case method == http.MethodOptions:
			w.Header().Set("Allow", allow)
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
		w.Header().Set("Allow", allow)
		return fed.Errorf(fed.BadMethod, "This path takes %s only.", allow)
	}
}

// allowed gives the value of Allow.
func allowed(rows map[string]route) string {
	methods := []string{http.MethodOptions}
	for method := range rows {
		methods = append(methods, method)
		if method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	slices.Sort(methods)
	return strings.Join(methods, ", ")
}

// param gives a part of the path as the client meant it.
func param(r *http.Request, name string) string {
	text := eventOf(r).routing.URLParam(name)
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}
