// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
)

// contractPath is one path of a document.
type contractPath struct {
	pattern  string
	segments []string
	item     *v3.PathItem
}

// contractPaths gives the paths of a document, those with fewer variables first.
func contractPaths(document *v3.Document) (all []contractPath) {
	for pattern, item := range document.Paths.PathItems.FromOldest() {
		all = append(all, contractPath{pattern, strings.Split(pattern, "/"), item})
	}
	slices.SortStableFunc(all, func(a, b contractPath) int { return strings.Count(a.pattern, "{") - strings.Count(b.pattern, "{") })
	return all
}

// find gives the path of a request, or nil. A prefix of the hub's paths may be before it.
func (c *Contract) find(e Exchange) *contractPath {
	path := pathOf(e.Request)
	found := c.at(path)
	if rest, cut := strings.CutPrefix(path, e.Prefix); found == nil && cut && e.Reply.StatusCode != http.StatusNotFound {
		return c.at(rest)
	}
	return found
}

// pathOf is the path as it was sent.
func pathOf(r *http.Request) string {
	if r.URL.Opaque != "" {
		path, _, _ := strings.Cut(r.URL.Opaque, "?")
		return path
	}
	return r.URL.EscapedPath()
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
		isVariable := strings.HasPrefix(segment, "{")
		if isVariable && segments[i] == "" || !isVariable && segments[i] != segment {
			return false
		}
	}
	return true
}

func (p contractPath) operation(method string) *v3.Operation {
	return p.operations()[method]
}

func (p contractPath) operations() map[string]*v3.Operation {
	all := map[string]*v3.Operation{}
	for method, operation := range p.item.GetOperations().FromOldest() {
		all[strings.ToUpper(method)] = operation
	}
	if get := all[http.MethodGet]; get != nil {
		all[http.MethodHead] = get
	}
	return all
}

// wrongAllow compares the methods that a reply names with those of the path.
func (p *contractPath) wrongAllow(r *http.Request, reply *http.Response) []string {
	if p == nil || r.Header.Get("Access-Control-Request-Method") != "" {
		return nil
	}

	methods := []string{http.MethodOptions}
	for method := range p.operations() {
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

// withoutWords is a URL without words in the query that have no value: a hub ignores them, or
// refuses the request.
func withoutWords(address *url.URL) *url.URL {
	cut := *address
	var parts []string
	for part := range strings.SplitSeq(address.RawQuery, "&") {
		if strings.Contains(part, "=") {
			parts = append(parts, part)
		}
	}
	cut.RawQuery = strings.Join(parts, "&")
	return &cut
}

// closeShapes forbids other keys in every schema that has properties and does not allow others.
func closeShapes(text []byte) ([]byte, error) {
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("the document is no JSON: %w", err)
	}
	closeShape(document)
	return json.Marshal(document)
}

func closeShape(value any) {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			closeShape(element)
		}
	case map[string]any:
		_, hasProperties := value["properties"].(map[string]any)
		if value["type"] == "object" && hasProperties && value["additionalProperties"] == nil {
			value["additionalProperties"] = false
		}
		for _, member := range value {
			closeShape(member)
		}
	}
}
