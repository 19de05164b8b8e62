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
func (h *people) getMatches(w http.ResponseWriter, r *http.Request, c *Caller) error {
	person := c.Subject
	asked, err := readPaging(r, path("people", person, "matches"), noFilters)
	if err != nil {
		return err
	}
	found, err := h.db.Matches(r.Context(), person, cmp.Or(asked.limit, usualMatches))
	if err != nil {
		return err
	}
	return c.writeList(w, r, func(l *list) error {
		for _, match := range found {
			text := match.AppendJSON(append(fed.AppendText([]byte(`[{"person":`), match.Other), ','))
			if err := l.add(text, []byte("}]")); err != nil {
				return err
			}
		}
		return nil
	})
}
