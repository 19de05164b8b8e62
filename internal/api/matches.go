// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"cmp"
	"net/http"

	"thalamus/internal/fed"
)

// usualMatches are given when a request says no limit.
const usualMatches = 20

// getMatches answers with [[{match}],...], the most probable first.
func (s *Server) getMatches(w http.ResponseWriter, r *http.Request) error {
	person := param(r, "person")
	asked, err := readPaging(r, path("people", person, "matches"), noFilters)
	if err != nil {
		return err
	}
	found, err := s.Store.Matches(r.Context(), person, cmp.Or(asked.limit, usualMatches))
	if err != nil {
		return err
	}
	return writeList(w, r, func(add func(parts ...[]byte) error) error {
		for _, match := range found {
			text := match.AppendJSON(append(fed.AppendText([]byte(`[{"person":`), match.Other), ','))
			if err := add(text, []byte("}]")); err != nil {
				return err
			}
		}
		return nil
	})
}
