// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// mostLearned is how much of each kind is kept from replies; the rest replaces it in turn.
const mostLearned = 20

// note takes in what a burst has changed, before its replies are judged: who reaches
// whom, what was deleted, and what others may see because a request said it.
func (w *fuzzWorld) note(replies []fuzzReply) {
	rows, _ := w.sql.Query(w.T.Context(), `SELECT id FROM people WHERE jsonb_typeof(data) = 'object' AND data -> 'roles' ?| $1`, w.others)
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			w.T.Fatal(err)
		}
		w.reachedBy[id] = true
	}
	if err := rows.Err(); err != nil {
		w.T.Fatal(err)
	}
	for _, reply := range replies {
		if reply.err != nil || reply.StatusCode >= http.StatusBadRequest || reply.request.method == http.MethodGet {
			continue
		}
		w.said += reply.request.as.id + reply.request.body + reply.request.target
		path, _, _ := strings.Cut(reply.request.target, "?")
		if isOfPages(path) {
			w.sign(reply.request.as)
		}
		if plain, err := url.PathUnescape(path); err == nil && reply.request.method == http.MethodDelete {
			w.forget(plain)
		}
	}
}

// sign lets others read the names of somebody who has filled in a form: they stand as the author's in
// the book of the page.
func (w *fuzzWorld) sign(author fuzzCaller) {
	for _, m := range w.markers {
		if strings.EqualFold(m.path, "/people/"+author.id) {
			m.signed = true
		}
	}
}

// forget makes the markers of a deleted record nobody's.
func (w *fuzzWorld) forget(path string) {
	for _, m := range w.markers {
		if strings.EqualFold(m.path, path) {
			m.owner = ""
		}
	}
}

// keep keeps a text for later requests. No marker ever gets into one.
func (w *fuzzWorld) keep(into *[]string, text string) {
	if w.marked(text) {
		return
	}
	*into = append(*into, text)
	if len(*into) > mostLearned {
		*into = (*into)[1:]
	}
}

// learn keeps what later requests may say again.
func (w *fuzzWorld) learn(reply fuzzReply) {
	if strings.HasPrefix(reply.Header.Get("Content-Type"), "text/html") {
		w.learnPage(reply.Text)
	}
	if tag := reply.Header.Get("ETag"); tag != "" {
		w.keep(&w.tags, tag)
	}
	if location := reply.Header.Get("Location"); location != "" {
		w.keep(&w.targets, location)
	}
	for _, link := range linkTarget.FindAllStringSubmatch(reply.Header.Get("Link"), -1) {
		w.keep(&w.targets, link[1])
	}
	var record map[string]json.RawMessage
	if reply.StatusCode >= http.StatusBadRequest || json.Unmarshal([]byte(reply.Text), &record) != nil {
		return
	}
	if next, ok := record["next"]; ok {
		path, _, _ := strings.Cut(reply.request.target, "?")
		w.keep(&w.targets, path+"?since="+strings.Trim(string(next), `"`))
	}
	w.keep(&w.bodies, reply.Text)
}

// marked reports whether a text holds a marker.
func (w *fuzzWorld) marked(text string) bool { return strings.Contains(text, "planted") }
