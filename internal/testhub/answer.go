// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"encoding/json"
	"net/http"
	"regexp"
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

// WantError fails the test unless the reply is our JSON error of this status.
func (a Answer) WantError(t testing.TB, status int) {
	t.Helper()
	a.Want(t, status)
	sentence, _ := a.Fields(t)["error"].(string)
	if sentence == "" || a.Header.Get("Content-Type") != "application/json" {
		t.Errorf("status %d without our error: %s %.300s", status, a.Header.Get("Content-Type"), a.Text)
	}
}

// WantVersion fails the test unless the reply has this status and this ETag.
func (a Answer) WantVersion(t testing.TB, status int, tag string) Answer {
	t.Helper()
	a.Want(t, status)
	cache := map[bool]string{true: "no-store", false: "private, no-cache"}[tag == ""]
	if got := a.Header.Get("ETag"); got != tag || a.Header.Get("Cache-Control") != cache {
		t.Errorf("%s %s, %d: ETag %s, want %s; Cache-Control %s", a.Request.Method, a.Request.URL.Path, a.StatusCode, got, tag, a.Header.Get("Cache-Control"))
	}
	return a
}

// Fields gives the JSON object that a reply holds.
func (a Answer) Fields(t testing.TB) map[string]any {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(a.Text), &object); err != nil {
		t.Fatalf("%v: %.300s", err, a.Text)
	}
	return object
}

// Items reads a list.
func (a Answer) Items(t testing.TB) (items []string) {
	t.Helper()
	var list []json.RawMessage
	if err := json.Unmarshal([]byte(a.Text), &list); err != nil {
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
	if link := nextLink.FindStringSubmatch(header); link != nil {
		return link[1]
	} else if header != "" {
		t.Errorf("the Link is %s", header)
	}
	return ""
}
