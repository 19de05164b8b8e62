// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"fmt"
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

// authorizeHistory refuses a caller who may not read the history of such records: one role must
// grant the history and the record. A role that reaches all records shows deleted ones, too.
func authorizeHistory(c *gate.Caller, endpoint access.Endpoint, query *store.HistoryQuery) error {
	reach := c.Reach(http.MethodGet, access.History, endpoint)
	if reach == access.NoRecords || reach == access.OwnRecords && !c.Own {
		return fed.Errorf(fed.Forbidden, "Your roles do not allow this.")
	}
	query.Global = reach == access.AllRecords
	return nil
}

// writeHistory answers with [[{change}],...], the newest first.
func (h *history) writeHistory(w http.ResponseWriter, r *http.Request, c *gate.Caller, endpoint access.Endpoint, query store.HistoryQuery, location ...string) error {
	if err := authorizeHistory(c, endpoint, &query); err != nil {
		return err
	}

	part, err := gate.Unfiltered.Read(r, gate.PagingAt(c, location...))
	if err != nil {
		return err
	}

	page := store.HistoryPage{Limit: part.Limit}
	if part.After != nil {
		page.After, err = parseHistoryKey(*part.After)
	}
	if err != nil {
		return err
	}

	page.More = func(last store.HistoryKey) { part.Link(w, formatHistoryKey(last)) }
	return c.WriteAsked(w, r, func(l *gate.List) error {
		return h.db.For(c.Reader()).History(r.Context(), query, page, l, func(e store.HistoryEntry) error {
			return l.Add([]byte("["), gate.HistoryText(e), []byte("]"))
		})
	})
}

// formatHistoryKey writes the key of a change for a cursor.
func formatHistoryKey(key store.HistoryKey) string {
	return fmt.Sprintf("%d.%d", key.Version, key.Part)
}

// parseHistoryKey reads what formatHistoryKey wrote.
func parseHistoryKey(text string) (key store.HistoryKey, err error) {
	version, part, ok := strings.Cut(text, ".")
	key.Version, err = strconv.ParseInt(version, 10, 64)
	if err != nil || !ok || key.Version < 1 {
		return key, gate.WrongAfter()
	}

	key.Part, err = strconv.ParseInt(part, 10, 64)
	if err != nil || key.Part < 0 {
		return key, gate.WrongAfter()
	}

	return key, nil
}

var versionParameter = []gate.Rule{{Name: "version", Sentence: "version is a number from 1 on."}}

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
	if err := authorizeHistory(c, endpoint, &query); err != nil {
		return true, err
	}

	stored, err := h.db.For(c.Reader()).Version(r.Context(), query, int64(version))
	if err != nil {
		return true, err
	}

	return true, gate.ReplyStored(w, r, stored)
}
