// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
)

// route is what there is at one pattern.
type route struct {
	rows  map[string]*Row // by method
	face  Face
	allow string // value of Allow
}

// routes finds the rows of a path. chi matches the path as it was sent, so that an id
// with an encoded slash is one segment; what it would do with methods and contexts
// besides, no request needs.
type routes struct {
	paths     *chi.Mux
	byPattern map[string]*route
}

func newRoutes(rows []Row) routes {
	all := routes{chi.NewRouter(), map[string]*route{}}
	for i := range rows {
		row := &rows[i]
		there := all.byPattern[row.Pattern]
		if there == nil {
			there = &route{rows: map[string]*Row{}, face: row.Face}
			all.byPattern[row.Pattern] = there
			all.paths.Get(row.Pattern, http.NotFound) // only matched
		}
		there.rows[row.Method] = row
	}
	for _, there := range all.byPattern {
		there.allow = allowHeader(there.rows)
	}
	return all
}

// find gives what there is at the path of a request, or nil. Some proxies leave the prefix
// in it; a path that leads somewhere as it is has none.
func (p routes) find(ev *event, r *http.Request) *route {
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

func (p routes) at(ev *event, path string) *route {
	ev.pattern = p.paths.Find(ev.routing, http.MethodGet, cmp.Or(path, "/"))
	return p.byPattern[ev.pattern]
}

// allowHeader gives the value of Allow.
func allowHeader(rows map[string]*Row) string {
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
