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
	usualChanges = 100
	longestWait  = time.Minute
)

// question is what a request asks the feed.
type question struct {
	since     string // a cursor, "now", or "" for the beginning
	limit     int
	wait      time.Duration
	resources []fed.Resource // nil: all
	notNode   string
	noData    bool
	stream    bool
}

// parameters are those of GET /changes.
var parameters = gate.NewParameters(
	gate.LimitOf(func(q *question) *int { return &q.limit }),
	gate.NewParameter("since", "since must be now, or a cursor that another reply has.", func(q *question, value string) bool {
		q.since = value
		_, err := store.ParseCursor(value)
		return value == "now" || err == nil
	}),
	gate.NewParameter("wait", "wait must be a time of at most 60s, like 30s.", func(q *question, value string) bool {
		wait, err := time.ParseDuration(value)
		q.wait = wait
		return err == nil && 0 <= wait && wait <= longestWait
	}),
	gate.NewParameter("person", "person must be a federation account.", func(*question, string) bool { return true }), // it is the request's subject
	gate.NewParameter("not_node", "not_node must be the name of a node.", func(q *question, value string) bool {
		q.notNode = value
		return true
	}),
	gate.NewParameter("data", "data can only be none.", func(q *question, value string) bool {
		q.noData = true
		return value == "none"
	}),
	gate.NewParameter("resource", "resource must be "+fed.ResourceNames()+", or several of these with commas between them.", (*question).readResources),
)

func (q *question) readResources(value string) bool {
	for name := range strings.SplitSeq(value, ",") {
		q.resources = append(q.resources, fed.Resource(name))
	}
	return !slices.ContainsFunc(q.resources, func(r fed.Resource) bool { return !r.Known() })
}

func (q question) wants(resource fed.Resource) bool {
	return q.resources == nil || slices.Contains(q.resources, resource)
}

// readQuestion reads the query, and the headers that ask for a stream. HEAD neither
// waits nor streams.
func readQuestion(r *http.Request) (q question, err error) {
	q, err = parameters.Read(r, question{limit: usualChanges})
	if err != nil {
		return q, err
	}
	q.stream = r.Method == http.MethodGet && gate.Prefers(r, eventStream, gate.JSONType)
	if last := r.Header.Get("Last-Event-ID"); q.stream && last != "" {
		q.since = last
	}
	if r.Method == http.MethodHead {
		q.wait = 0
	}
	return q, nil
}
