// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
)

// facePaths says where all paths of a face begin.
var facePaths = map[Face]string{Pages: PortalPath, FHIR: FHIRPath}

// route is the rows of one pattern.
type route struct {
	rows  map[string]*Row // by method
	face  Face
	allow string // value of Allow
}

// routes finds the rows of a path. chi matches the path as it was sent, so that an id with
// an encoded slash is one segment. Its own handling of methods and contexts is not needed.
type routes struct {
	paths     *chi.Mux
	byPattern map[string]*route
	faces     map[string]Face // of paths where there is nothing, by how they begin
}

func newRoutes(rows []Row) routes {
	all := routes{paths: chi.NewRouter(), byPattern: map[string]*route{}, faces: map[string]Face{}}
	for i := range rows {
		row := &rows[i]
		found := all.byPattern[row.Pattern]
		if found == nil {
			found = &route{rows: map[string]*Row{}, face: row.Face}
			all.byPattern[row.Pattern] = found
			all.paths.Get(row.Pattern, http.NotFound) // only matched
		}

		found.rows[row.Method] = row
		if begin := facePaths[row.Face]; begin != "" {
			all.faces[begin] = row.Face
		}
	}

	for _, found := range all.byPattern {
		found.allow = allowHeader(found.rows)
	}

	return all
}

// find gives the route of a request's path, or nil. Some proxies leave the prefix in the
// path; a path that has a route as it is has no prefix.
func (p routes) find(ev *event, r *http.Request) *route {
	path := r.URL.EscapedPath()
	found := p.at(ev, path)
	if found == nil && ev.prefix != "" && strings.HasPrefix(path, ev.prefix) {
		found = p.at(ev, path[len(ev.prefix):])
	}

	if found != nil {
		ev.face = found.face
		return found
	}

	for begin, face := range p.faces {
		if strings.HasPrefix(strings.TrimPrefix(path, ev.prefix), begin) {
			ev.face = face
		}
	}

	return nil
}

// at gives the route of a path, or nil. chi would take an empty segment for an id.
func (p routes) at(ev *event, path string) *route {
	ev.pattern = p.paths.Find(ev.routing, http.MethodGet, cmp.Or(path, "/"))
	if slices.Contains(ev.routing.URLParams.Values, "") {
		ev.routing.Reset()
		ev.pattern = ""
	}
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
