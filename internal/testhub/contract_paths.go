// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// contractPath is one path of a document.
type contractPath struct {
	segments   []string
	operations map[string]*operation // by method
}

// variables is how many of its segments are.
func (p contractPath) variables() (n int) {
	for _, segment := range p.segments {
		if isVariable(segment) {
			n++
		}
	}
	return n
}

func isVariable(segment string) bool { return strings.HasPrefix(segment, "{") }

// find gives the path of a request, or nil. A prefix of the hub's paths may be before it.
func (c *Contract) find(e Exchange) *contractPath {
	path := pathOf(e.Request)
	found := c.at(path)
	if rest, cut := strings.CutPrefix(path, e.Prefix); found == nil && cut && e.Reply.StatusCode != http.StatusNotFound {
		return c.at(rest)
	}
	return found
}

// pathOf is the path as it was sent. What begins with two slashes was sent as a whole URL, whose host is no
// part of it.
func pathOf(r *http.Request) string {
	if r.URL.Opaque == "" {
		return r.URL.EscapedPath()
	}

	path, _, _ := strings.Cut(r.URL.Opaque, "?")
	rest, isURL := strings.CutPrefix(path, "//")
	if !isURL {
		return path
	}
	_, path, _ = strings.Cut(rest, "/")
	return "/" + path
}

func (c *Contract) at(path string) *contractPath {
	segments := strings.Split(cmp.Or(path, "/"), "/")
	for i := range c.paths {
		if c.paths[i].matches(segments) {
			return &c.paths[i]
		}
	}
	return nil
}

func (p contractPath) matches(segments []string) bool {
	if len(segments) != len(p.segments) {
		return false
	}
	for i, segment := range p.segments {
		if isVariable(segment) && segments[i] == "" || !isVariable(segment) && segments[i] != segment {
			return false
		}
	}
	return true
}

// wrongAllow compares the methods that a reply names with those of the path.
func (p *contractPath) wrongAllow(r *http.Request, reply *http.Response) []string {
	if p == nil || r.Header.Get("Access-Control-Request-Method") != "" {
		return nil
	}

	methods := []string{http.MethodOptions}
	for method := range p.operations {
		methods = append(methods, method)
	}
	slices.Sort(methods)
	if want, got := strings.Join(methods, ", "), reply.Header.Get("Allow"); got != want {
		return []string{fmt.Sprintf("Allow is %q, and the path has %s", got, want)}
	}
	return nil
}

// methodOf is the method that the hub sees.
func methodOf(r *http.Request) string {
	named := r.Header["X-Http-Method-Override"]
	if r.Method == http.MethodPost && len(named) == 1 && named[0] == http.MethodPatch {
		return http.MethodPatch
	}
	return r.Method
}
