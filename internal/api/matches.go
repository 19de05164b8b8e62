// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"thalamus/internal/fed"
)

// usualMatches are given when a request says no limit.
const usualMatches = 20

// getMatches answers with [[{match}],...], the most probable first.
func (s *Server) getMatches(w http.ResponseWriter, r *http.Request) error {
	limit, err := matchLimit(r)
	if err != nil {
		return err
	}
	found, err := s.Store.Matches(r.Context(), param(r, "person"), limit)
	if err != nil {
		return err
	}
	return writeList(w, r, func(add func(parts ...[]byte) error) error {
		for _, match := range found {
			other, err := json.Marshal(match.Other)
			if err != nil {
				return err
			}
			if err := add([]byte(`[{"person":`), other, match.AppendJSON([]byte(",")), []byte("}]")); err != nil {
				return err
			}
		}
		return nil
	})
}

// matchLimit reads limit. Other parameters with a value are refused, as on every
// collection.
func matchLimit(r *http.Request) (limit int, err error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return 0, fed.Errorf(fed.Invalid, "The query cannot be read.")
	}
	limit = usualMatches
	for name, values := range query {
		text := strings.Join(values, " ")
		if name == "limit" && text != "" {
			limit, err = readLimit(text)
		} else if text != "" {
			err = fed.Errorf(fed.Invalid, "This collection takes no such query parameter.")
		}
		if err != nil {
			return 0, err
		}
	}
	return limit, nil
}
