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
	"thalamus/internal/store"
)

func (s *Server) getPersonHistory(w http.ResponseWriter, r *http.Request) error {
	past := personPast(r)
	return s.writeHistory(w, r, access.Person, past, path("people", past.ID, "history"))
}

func (s *Server) getPageHistory(w http.ResponseWriter, r *http.Request) error {
	past := pagePast(r)
	return s.writeHistory(w, r, access.Page, past, path("pols", past.Person, past.ID, "history"))
}

func personPast(r *http.Request) store.Past {
	id := param(r, "person")
	return store.Past{Resource: "person", ID: id, Person: id}
}

func pagePast(r *http.Request) store.Past {
	return store.Past{Resource: "page", ID: param(r, "page"), Person: param(r, "person")}
}

// lookBack refuses who may not see the history of such records, for which one and
// the same role must grant both. Roles that reach everybody's see what was deleted, too.
func (s *Server) lookBack(r *http.Request, endpoint access.Endpoint, past *store.Past) error {
	reach := s.policy.Load().Reach(caller(r).Roles, http.MethodGet, access.History, endpoint)
	if reach == access.Nobodys || reach == access.Own && !own(r) {
		return fed.Errorf(fed.Forbidden, "Your roles do not allow this.")
	}
	past.Global = reach == access.Everybodys
	return nil
}

// writeHistory answers with [[{change}],...], the newest first.
func (s *Server) writeHistory(w http.ResponseWriter, r *http.Request, endpoint access.Endpoint, past store.Past, location string) error {
	if err := s.lookBack(r, endpoint, &past); err != nil {
		return err
	}
	part, err := readPaging(r, location, noFilters)
	if err != nil {
		return err
	}
	page := store.HistoryPage{Limit: part.limit}
	if part.after != nil {
		if page.After, err = readHistoryKey(*part.after); err != nil {
			return err
		}
	}
	page.More = func(last store.HistoryKey) { part.link(w, historyKey(last)) }
	return s.writeAsked(w, r, func(l *list) error {
		return s.Store.History(r.Context(), past, page, l, func(e store.HistoryEntry) error {
			_, text, _ := bytes.Cut(appendChange(nil, e.Change, true), []byte(",")) // no cursor: a history is no place to go on from
			return l.add([]byte("[{"), text, []byte("]"))
		})
	})
}

// historyKey writes the place of a change.
func historyKey(key store.HistoryKey) string { return fmt.Sprintf("%d.%d", key.Version, key.Part) }

// readHistoryKey reads what historyKey wrote.
func readHistoryKey(text string) (key store.HistoryKey, err error) {
	version, part, ok := strings.Cut(text, ".")
	key.Version, err = strconv.ParseInt(version, 10, 64)
	if err == nil {
		key.Part, err = strconv.ParseInt(part, 10, 64)
	}
	if err != nil || !ok || key.Version < 1 || key.Part < 0 {
		return key, wrongAfter()
	}
	return key, nil
}

// oldVersion answers a reader who asks for a version of a record: then asked is
// true, and err is the handler's.
func (s *Server) oldVersion(w http.ResponseWriter, r *http.Request, endpoint access.Endpoint, past store.Past) (asked bool, err error) {
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
		return true, fed.Errorf(fed.Invalid, "version is a number from 1 on.")
	}
	if err := s.lookBack(r, endpoint, &past); err != nil {
		return true, err
	}
	stored, err := s.Store.Version(r.Context(), past, int64(version))
	if err != nil {
		return true, err
	}
	return true, writeStored(w, r, stored)
}
