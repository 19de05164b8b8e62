// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// Handler answers a request of a caller who may ask. An error that it returns
// becomes the reply.
type Handler func(w http.ResponseWriter, r *http.Request, c *Caller) error

// Row is one row of what there is.
type Row struct {
	Method     string
	Pattern    string
	Endpoint   access.Endpoint // what roles.cfg must grant; access.Public needs nothing
	Subject    Subject
	Face       Face // one for all rows of a pattern
	Pace       Pace
	Handle     Handler
	Parameters []Rule // of the query, by name
}

// Subject is whom the requests of a row are about.
type Subject int

// The subjects. A request without the filter is about nobody.
const (
	Nobody   Subject = iota
	OfPath           // {person} in the pattern
	OfFilter         // person= in the query
)

// Face is how errors are told.
type Face int

// The faces.
const (
	JSON Face = iota
	HTML
)

// place is what there is at one pattern.
type place struct {
	rows  map[string]*Row // by method
	face  Face
	allow string // value of Allow
}

// places finds the rows of a path. chi matches the path as it was sent, so that an id
// with an encoded slash is one segment; what it would do with methods and contexts
// besides, no request needs.
type places struct {
	paths     *chi.Mux
	byPattern map[string]*place
}

func newPlaces(rows []Row) places {
	all := places{chi.NewRouter(), map[string]*place{}}
	for i := range rows {
		row := &rows[i]
		there := all.byPattern[row.Pattern]
		if there == nil {
			there = &place{rows: map[string]*Row{}, face: row.Face}
			all.byPattern[row.Pattern] = there
			all.paths.Get(row.Pattern, http.NotFound) // only matched
		}
		there.rows[row.Method] = row
	}
	for _, there := range all.byPattern {
		there.allow = allowed(there.rows)
	}
	return all
}

// find gives what there is at the path of a request, or nil.
func (p places) find(ev *event, r *http.Request) *place {
	ev.pattern = p.paths.Find(ev.routing, http.MethodGet, cmp.Or(r.URL.EscapedPath(), "/"))
	there := p.byPattern[ev.pattern]
	if there != nil {
		ev.face = there.face
	}
	return there
}

// route hands a request to the row of its path and its method.
func (g *Gate) route(w http.ResponseWriter, r *http.Request) {
	there := g.places.find(eventOf(r), r)
	if there == nil {
		g.fail(w, r, fed.Errorf(fed.NotFound, "There is nothing at this path."))
		return
	}
	if err := g.choose(there, w, r); err != nil {
		g.fail(w, r, err)
	}
}

func (g *Gate) choose(there *place, w http.ResponseWriter, r *http.Request) error {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if row, ok := there.rows[method]; ok {
		return g.enter(row, w, r)
	}
	w.Header().Set("Allow", there.allow)
	if method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return fed.Errorf(fed.BadMethod, "This path takes %s only.", there.allow)
}

// allowed gives the value of Allow.
func allowed(rows map[string]*Row) string {
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
