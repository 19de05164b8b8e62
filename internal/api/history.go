// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/store"
)

const mostHistory = 1000 // on one page of a history

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
// the same role must grant both. Who reaches everybody's sees what was deleted, too.
func (s *Server) lookBack(r *http.Request, endpoint access.Endpoint, past *store.Past) error {
	reach := s.policy.Load().Reach(caller(r).Roles, http.MethodGet, access.History, endpoint)
	if reach == access.Nobodys || reach == access.Own && !own(r) {
		return fed.Errorf(fed.Forbidden, "Your roles do not allow this.")
	}
	past.Deleted = reach == access.Everybodys
	return nil
}

// errSeen ends a look at the first change only.
var errSeen = errors.New("seen")

// writeHistory answers with [[{change}],...], the newest first.
func (s *Server) writeHistory(w http.ResponseWriter, r *http.Request, endpoint access.Endpoint, past store.Past, location string) error {
	if err := s.lookBack(r, endpoint, &past); err != nil {
		return err
	}
	page, err := historyPage(r)
	if err != nil {
		return err
	}
	each := func(add func(parts ...[]byte) error) error {
		return s.Store.History(r.Context(), past, page, func(e store.HistoryEntry) error {
			if e.Next != nil {
				w.Header().Set("Link", "<"+location+nextPage(page.Limit, *e.Next)+`>; rel="next"`)
			}
			_, text, _ := bytes.Cut(appendChange(nil, e.Change, true), []byte(",")) // no cursor: a history is no place to go on from
			return add([]byte("[{"), text, []byte("]"))
		})
	}
	if r.Method == http.MethodHead { // which writeList would answer without asking
		if err := each(func(...[]byte) error { return errSeen }); err != nil && !errors.Is(err, errSeen) {
			return err
		}
	}
	if err := writeList(w, r, each); err != nil {
		w.Header().Del("Link")
		return err
	}
	return nil
}

// historyPage reads limit and after. Other parameters with a value are refused, as
// on every collection.
func historyPage(r *http.Request) (page store.HistoryPage, err error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return page, fed.Errorf(fed.Invalid, "The query cannot be read.")
	}
	for name, values := range query {
		text := strings.Join(values, " ")
		switch {
		case name == "limit":
			page.Limit, err = strconv.Atoi(text)
			if err != nil || page.Limit < 1 || page.Limit > mostHistory {
				return page, fed.Errorf(fed.Invalid, "limit is a number from 1 to %d.", mostHistory)
			}
		case name == "after":
			if page.After, err = readAfter(text); err != nil {
				return page, err
			}
		case text != "":
			return page, fed.Errorf(fed.Invalid, "A history takes no such query parameter.")
		}
	}
	return page, nil
}

// nextPage is the query for the changes behind one.
func nextPage(limit int, end store.HistoryKey) string {
	after := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.%d", end.Version, end.Part))
	return fmt.Sprintf("?limit=%d&after=%s", limit, after)
}

// readAfter reads what nextPage wrote.
func readAfter(text string) (key store.HistoryKey, err error) {
	plain, err := base64.RawURLEncoding.DecodeString(text)
	version, part, ok := strings.Cut(string(plain), ".")
	if err == nil {
		key.Version, err = strconv.ParseInt(version, 10, 64)
	}
	if err == nil {
		key.Part, err = strconv.ParseInt(part, 10, 64)
	}
	if err != nil || !ok || key.Version < 1 || key.Part < 0 {
		return key, fed.Errorf(fed.Invalid, "after is what the Link of another reply has there.")
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
