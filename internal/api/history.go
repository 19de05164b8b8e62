// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// history reads earlier versions of records. The handlers of resources with a history embed it.
type history struct{ db *store.DB }

func (h *people) getPersonHistory(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	query := personHistory(c)
	return h.writeHistory(w, r, c, access.Person, query, "people", query.ID, "history")
}

func (h *books) getPageHistory(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	query := pageHistory(c)
	return h.writeHistory(w, r, c, access.Page, query, "pols", query.Person, query.ID, "history")
}

func personHistory(c *gate.Caller) store.HistoryQuery {
	id := c.Subject
	return store.HistoryQuery{Resource: fed.Person, ID: id, Person: id}
}

func pageHistory(c *gate.Caller) store.HistoryQuery {
	return store.HistoryQuery{Resource: fed.Page, ID: c.Param("page"), Person: c.Subject}
}

// writeHistory answers with [[{change}],...], the newest first.
func (h *history) writeHistory(w http.ResponseWriter, r *http.Request, c *gate.Caller, endpoint access.Endpoint, query store.HistoryQuery, location ...string) error {
	if err := gate.AuthoriseHistory(c, endpoint, &query); err != nil {
		return err
	}

	part, err := gate.Unfiltered.Read(r, gate.PagingAt(c, location...))
	if err != nil {
		return err
	}

	page := store.HistoryPage{Limit: part.Limit, More: func(last store.HistoryKey) { part.Link(w, last.Format()) }}
	if part.After != nil {
		after, ok := store.ParseHistoryKey(*part.After)
		if !ok {
			return gate.WrongAfter()
		}
		page.After = after
	}

	return c.WriteAsked(w, r, func(l *gate.List) error {
		return h.db.For(c.Reader()).History(r.Context(), query, page, l, func(e store.HistoryEntry) error {
			return l.Add([]byte("["), gate.HistoryText(e), []byte("]"))
		})
	})
}

var versionParameter = []gate.Rule{{Name: "version", Sentence: "version is a number from 1 on.", Schema: `{"type": "integer", "minimum": 1}`}}

func wrongVersion() error { return fed.Errorf(fed.Invalid, "%s", versionParameter[0].Sentence) }

// replyVersion answers a reader who asks for a version of a record: then asked is
// true, and err is the handler's.
func (h *history) replyVersion(w http.ResponseWriter, r *http.Request, c *gate.Caller, endpoint access.Endpoint, query store.HistoryQuery) (asked bool, err error) {
	if !strings.Contains(r.URL.RawQuery, "version=") {
		return false, nil
	}

	parameters, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return true, wrongVersion()
	}
	values, asked := parameters["version"]
	if !asked {
		return false, nil // another parameter whose name ends so
	}

	version, err := strconv.ParseUint(strings.Join(values, " "), 10, 63)
	if err != nil || version == 0 {
		return true, wrongVersion()
	}
	if err := gate.AuthoriseHistory(c, endpoint, &query); err != nil {
		return true, err
	}

	stored, err := h.db.For(c.Reader()).Version(r.Context(), query, int64(version))
	if err != nil {
		return true, err
	}

	return true, gate.ReplyStored(w, r, stored.Stored)
}
