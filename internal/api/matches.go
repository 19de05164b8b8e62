// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

// defaultMatchLimit is how many matches a request without a limit gets.
const defaultMatchLimit = 20

var matchParameters = gate.NewParameters(gate.LimitOf(func(limit *int) *int { return limit }))

// getMatches answers with [[{match}],...], the most probable first.
func (h *people) getMatches(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	person := c.Subject
	limit, err := matchParameters.Read(r, defaultMatchLimit)
	if err != nil {
		return err
	}

	found, err := h.db.For(c.Reader()).Matches(r.Context(), person, limit)
	if err != nil {
		return err
	}

	return c.WriteList(w, r, func(l *gate.List) error {
		l.OfPersons()
		for _, match := range found {
			text := match.AppendJSON(append(fed.AppendText([]byte(`[{"person":`), match.Other), ','))
			if err := l.AddOf(match.Other, text, []byte("}]")); err != nil {
				return err
			}
		}
		return nil
	})
}
