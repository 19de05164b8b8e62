// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// Answer is a reply with its body read.
type Answer struct {
	*http.Response
	Text string // of the body
}

// Want fails the test unless the reply has this status.
func (a Answer) Want(t testing.TB, status int) Answer {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s %s: status %d, want %d: %.300s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.Text)
	}
	return a
}

// Failure is the body of an error.
type Failure struct{ Error, Code, Request string }

// Failure reads the body of an error. It is zero if the reply is none of ours.
func (a Answer) Failure() (f Failure) {
	rest := json.NewDecoder(strings.NewReader(a.Text))
	rest.DisallowUnknownFields()
	err := rest.Decode(&f)
	if err != nil || a.Header.Get("Content-Type") != "application/json" || f.Code == "" || f.Request != a.Header.Get("X-Request-Id") {
		return Failure{}
	}
	return f
}

// WantError fails the test unless the reply is our JSON error of this status.
func (a Answer) WantError(t testing.TB, status int) {
	t.Helper()
	a.Want(t, status)
	if a.Failure().Error == "" {
		t.Errorf("status %d without our error: %s %.300s", status, a.Header.Get("Content-Type"), a.Text)
	}
}

// Comparable gives the body without the request's own id.
func (a Answer) Comparable() string {
	return strings.ReplaceAll(a.Text, a.Header.Get("X-Request-Id"), "")
}

// WantVersion fails the test unless the reply has this status and this ETag.
func (a Answer) WantVersion(t testing.TB, status int, tag string) Answer {
	t.Helper()
	a.Want(t, status)
	wantCache := "private, no-cache"
	if tag == "" {
		wantCache = "no-store"
	}

	got, cache := a.Header.Get("ETag"), a.Header.Get("Cache-Control")
	if got != tag || cache != wantCache {
		t.Errorf("%s %s, %d: ETag %s, want %s; Cache-Control %s", a.Request.Method, a.Request.URL.Path, a.StatusCode, got, tag, cache)
	}
	return a
}

// Fields gives the JSON object that a reply holds.
func (a Answer) Fields(t testing.TB) map[string]any {
	t.Helper()
	var object map[string]any
	err := json.Unmarshal([]byte(a.Text), &object)
	if err != nil {
		t.Fatalf("%v: %.300s", err, a.Text)
	}
	return object
}

// Items reads a list.
func (a Answer) Items(t testing.TB) (items []string) {
	t.Helper()
	var list []json.RawMessage
	err := json.Unmarshal([]byte(a.Text), &list)
	if err != nil {
		t.Fatalf("%v: %s", err, a.Text)
	}

	for _, item := range list {
		items = append(items, string(item))
	}
	return items
}

var nextLink = regexp.MustCompile(`^<(/[^<>" ]*[?&]limit=\d+&after=[A-Za-z0-9_-]+)>; rel="next"$`)

// Next gives where a list goes on, or "".
func (a Answer) Next(t testing.TB) string {
	t.Helper()
	header := a.Header.Get("Link")
	if header == "" {
		return ""
	}

	link := nextLink.FindStringSubmatch(header)
	if link == nil {
		t.Errorf("the Link is %s", header)
		return ""
	}
	return link[1]
}
