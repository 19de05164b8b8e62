// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
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
	resources []string // nil: all
	notNode   string
	noData    bool
	stream    bool
}

// questionKeys read the query parameters. A misspelt or empty filter must not return
// everything.
var questionKeys = map[string]func(q *question, value string) bool{
	"since": func(q *question, value string) bool {
		q.since = value
		return true
	},
	"limit": func(q *question, value string) bool {
		var err error
		q.limit, err = gate.ReadLimit(value)
		return err == nil
	},
	"wait": func(q *question, value string) (ok bool) {
		var err error
		q.wait, err = time.ParseDuration(value)
		return err == nil && 0 <= q.wait && q.wait <= longestWait
	},
	"person": func(_ *question, value string) bool { return gate.Storable(value) }, // it is the request's subject
	"not_node": func(q *question, value string) bool {
		q.notNode = value
		return gate.Storable(value)
	},
	"data": func(q *question, value string) bool {
		q.noData = true
		return value == "none"
	},
	"resource": func(q *question, value string) bool {
		q.resources = strings.Split(value, ",")
		return !slices.ContainsFunc(q.resources, func(name string) bool { return !fed.Resource(name).Known() })
	},
}

func (q question) wants(resource string) bool {
	return q.resources == nil || slices.Contains(q.resources, resource)
}

// readQuestion reads the query, and the headers that ask for a stream. HEAD neither
// waits nor streams.
func readQuestion(r *http.Request) (q question, err error) {
	q.limit = usualChanges
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return q, fed.Errorf(fed.Invalid, "The query cannot be read.")
	}
	for name, values := range query {
		read, ok := questionKeys[name]
		switch {
		case !ok && strings.Join(values, "") == "": // a bare word
		case !ok:
			return q, fed.Errorf(fed.Invalid, "The feed takes no such query parameter.")
		case len(values) > 1:
			return q, fed.Errorf(fed.Invalid, "The query has %s more than once.", name)
		case !read(&q, values[0]):
			return q, fed.Errorf(fed.Invalid, "%s", questionRules[name])
		}
	}
	q.stream = r.Method == http.MethodGet && wantsEvents(r)
	if last := r.Header.Get("Last-Event-ID"); q.stream && last != "" {
		q.since = last
	}
	if r.Method == http.MethodHead {
		q.wait = 0
	}
	return q, nil
}

// questionRules are the sentences about wrong values.
var questionRules = map[string]string{
	"limit":    gate.LimitRule,
	"wait":     "wait must be a time of at most 60s, like 30s.",
	"person":   "person must be a federation account.",
	"not_node": "not_node must be the name of a node.",
	"data":     "data can only be none.",
	"resource": "resource must be " + fed.ResourceNames() + ", or several of these with commas between them.",
}

// wantsEvents reports whether the client accepts server-sent events.
func wantsEvents(r *http.Request) bool {
	for _, value := range r.Header["Accept"] {
		for kind := range strings.SplitSeq(value, ",") {
			kind, _, _ = strings.Cut(kind, ";")
			if strings.EqualFold(strings.TrimSpace(kind), eventStream) {
				return true
			}
		}
	}
	return false
}
