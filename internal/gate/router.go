// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
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

// find gives what there is at the path of a request, or nil. Some proxies leave the prefix
// in it; a path that leads somewhere as it is has none.
func (p places) find(ev *event, r *http.Request) *place {
	path := r.URL.EscapedPath()
	there := p.at(ev, path)
	if there == nil && ev.prefix != "" && strings.HasPrefix(path, ev.prefix) {
		there = p.at(ev, path[len(ev.prefix):])
	}
	if there != nil {
		ev.face = there.face
	}
	return there
}

func (p places) at(ev *event, path string) *place {
	ev.pattern = p.paths.Find(ev.routing, http.MethodGet, cmp.Or(path, "/"))
	return p.byPattern[ev.pattern]
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
