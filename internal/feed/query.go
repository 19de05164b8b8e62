// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

const (
	defaultLimit = 100
	maxWait      = time.Minute
)

// query is what a request asks the feed for.
type query struct {
	since     string // a cursor, "now", or "" for the beginning
	limit     int
	wait      time.Duration
	resources []fed.Resource // nil: all
	openings  bool           // of books in emergencies, and nothing else
	notNode   string
	noData    bool
	stream    bool
}

// cursorSchema is that of a cursor, and of now.
const cursorSchema = `{"type": "string", "pattern": "^[A-Za-z0-9_-]{1,128}$"}`

// resourceSchema is that of resources with commas between them.
var resourceSchema = func() string {
	var names []string
	for _, info := range fed.Resources() {
		names = append(names, string(info.Resource))
	}
	one := "(" + strings.Join(names, "|") + ")"
	return `{"type": "string", "pattern": "^(` + string(fed.Emergency) + `|` + one + `(,` + one + `)*)$"}`
}()

// parameters are those of GET /changes.
var parameters = gate.NewParameters(
	gate.LimitOf(func(q *query) *int { return &q.limit }),
	gate.NewParameter("since", "since must be now, or a cursor that another reply has.", (*query).readSince).With(cursorSchema),
	gate.NewParameter("wait", "wait must be a time of at most 60s, like 30s.", (*query).readWait).With(`{"type": "string", "examples": ["30s"]}`),
	gate.NewParameter("person", "person must be a federation account.", func(*query, string) bool { return true }), // it is the request's subject
	gate.NewParameter("not_node", "not_node must be the name of a node.", func(q *query, value string) bool {
		q.notNode = value
		return true
	}),
	gate.NewParameter("data", "data can only be none.", func(q *query, value string) bool {
		q.noData = true
		return value == "none"
	}).With(gate.Enum("none")),
	gate.NewParameter("resource", "resource must be "+fed.ResourceNames()+", or several of these with commas between them; or "+string(fed.Emergency)+" alone.", (*query).readResources).With(resourceSchema),
)

func (q *query) readSince(value string) bool {
	q.since = value
	if value == "now" {
		return true
	}

	_, err := store.ParseCursor(value)
	return err == nil
}

func (q *query) readWait(value string) bool {
	wait, err := time.ParseDuration(value)
	if err != nil {
		return false
	}

	q.wait = wait
	return 0 <= wait && wait <= maxWait
}

func (q *query) readResources(value string) bool {
	if value == string(fed.Emergency) {
		q.openings = true
		return true
	}
	for name := range strings.SplitSeq(value, ",") {
		q.resources = append(q.resources, fed.Resource(name))
	}
	return !slices.ContainsFunc(q.resources, func(r fed.Resource) bool { return !r.Known() })
}

func (q query) wants(resource fed.Resource) bool {
	return !q.openings && q.resources == nil || slices.Contains(q.resources, resource)
}

// readQuery reads the query, and the headers that ask for an event stream. HEAD neither
// waits nor streams.
func readQuery(r *http.Request) (q query, err error) {
	q, err = parameters.Read(r, query{limit: defaultLimit})
	if err != nil {
		return q, err
	}

	if r.Method == http.MethodHead {
		q.wait = 0
		return q, nil
	}

	q.stream = gate.Prefers(r, eventStreamType, gate.JSONType)
	if last := r.Header.Get("Last-Event-ID"); q.stream && last != "" {
		q.since = last
	}
	return q, nil
}
