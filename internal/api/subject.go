// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"context"
	"net/http"
	"net/url"

	"thalamus/internal/record"
)

// resolve puts the stored ids of persons in the place of those that the path has. Only
// they count from there on: for what is one's own, for the access record, for the place
// of what is created. It comes before anybody is refused, whether or not there is such
// a person, so that a refusal tells nothing of that.
func (s *Server) resolve(r *http.Request) error {
	ev := eventOf(r)
	ev.spelled = param(r, "person")
	for i, name := range ev.routing.URLParams.Keys {
		if name != "person" && name != "other" {
			continue
		}
		text := param(r, name)
		stored, err := s.storedID(r.Context(), text)
		if err != nil {
			return err
		}
		if stored != text {
			ev.routing.URLParams.Values[i] = url.PathEscape(stored)
		}
	}
	return nil
}

// storedID gives the id that a person is meant by: as it is written and, if nobody has
// that, in upper case. Of what is in upper case already the database is asked nothing.
func (s *Server) storedID(ctx context.Context, text string) (string, error) {
	upper := record.Upper(text)
	if upper == text || !storable(text) {
		return text, nil
	}
	return s.Store.StoredID(ctx, text, upper)
}
