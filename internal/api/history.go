// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"bytes"
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

// history reads what records were. The handlers of resources that have one embed it.
type history struct{ db *store.DB }

func (h *people) getPersonHistory(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	past := personHistory(c)
	return h.writeHistory(w, r, c, access.Person, past, "people", past.ID, "history")
}

func (h *books) getPageHistory(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	past := pageHistory(c)
	return h.writeHistory(w, r, c, access.Page, past, "pols", past.Person, past.ID, "history")
}

func personHistory(c *gate.Caller) store.HistoryQuery {
	id := c.Subject
	return store.HistoryQuery{Resource: fed.Person, ID: id, Person: id}
}

func pageHistory(c *gate.Caller) store.HistoryQuery {
	return store.HistoryQuery{Resource: fed.Page, ID: c.Param("page"), Person: c.Subject}
}

// authorizeHistory refuses who may not see the history of such records, for which one and
// the same role must grant both. Roles that reach everybody's see what was deleted, too.
func authorizeHistory(c *gate.Caller, endpoint access.Endpoint, past *store.HistoryQuery) error {
	reach := c.Reach(http.MethodGet, access.History, endpoint)
	if reach == access.NoRecords || reach == access.OwnRecords && !c.Own {
		return fed.Errorf(fed.Forbidden, "Your roles do not allow this.")
	}
	past.Global = reach == access.AllRecords
	return nil
}

// writeHistory answers with [[{change}],...], the newest first.
func (h *history) writeHistory(w http.ResponseWriter, r *http.Request, c *gate.Caller, endpoint access.Endpoint, past store.HistoryQuery, location ...string) error {
	if err := authorizeHistory(c, endpoint, &past); err != nil {
		return err
	}
	part, err := gate.Unfiltered.Read(r, gate.PagingAt(c, location...))
	if err != nil {
		return err
	}
	page := store.HistoryPage{Limit: part.Limit}
	if part.After != nil {
		if page.After, err = parseHistoryKey(*part.After); err != nil {
			return err
		}
	}
	page.More = func(last store.HistoryKey) { part.Link(w, formatHistoryKey(last)) }
	return c.WriteAsked(w, r, func(l *gate.List) error {
		return h.db.For(c.Reader()).History(r.Context(), past, page, l, func(e store.HistoryEntry) error {
			_, text, _ := bytes.Cut(gate.AppendChange(nil, e.Change, true), []byte(",")) // no cursor: a history is no place to go on from
			return l.Add([]byte("[{"), text, []byte("]"))
		})
	})
}

// formatHistoryKey writes the place of a change.
func formatHistoryKey(key store.HistoryKey) string {
	return fmt.Sprintf("%d.%d", key.Version, key.Part)
}

// parseHistoryKey reads what formatHistoryKey wrote.
func parseHistoryKey(text string) (key store.HistoryKey, err error) {
	version, part, ok := strings.Cut(text, ".")
	key.Version, err = strconv.ParseInt(version, 10, 64)
	if err == nil {
		key.Part, err = strconv.ParseInt(part, 10, 64)
	}
	if err != nil || !ok || key.Version < 1 || key.Part < 0 {
		return key, gate.WrongAfter()
	}
	return key, nil
}

var versionParameter = []gate.Rule{{Name: "version", Sentence: "version is a number from 1 on."}}

// replyVersion answers a reader who asks for a version of a record: then asked is
// true, and err is the handler's.
func (h *history) replyVersion(w http.ResponseWriter, r *http.Request, c *gate.Caller, endpoint access.Endpoint, past store.HistoryQuery) (asked bool, err error) {
	if !strings.Contains(r.URL.RawQuery, "version=") {
		return false, nil
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	values, asked := query["version"]
	if err == nil && !asked {
		return false, nil // another word that ends like it
	}
	version, wrong := strconv.ParseUint(strings.Join(values, " "), 10, 63)
	if err != nil || wrong != nil || version == 0 {
		return true, fed.Errorf(fed.Invalid, "%s", versionParameter[0].Sentence)
	}
	if err := authorizeHistory(c, endpoint, &past); err != nil {
		return true, err
	}
	stored, err := h.db.For(c.Reader()).Version(r.Context(), past, int64(version))
	if err != nil {
		return true, err
	}
	return true, gate.ReplyStored(w, r, stored)
}
