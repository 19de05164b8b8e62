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
func (s *Server) resolve(subject Subject, r *http.Request, c *Caller) (err error) {
	if subject == OfFilter {
		c.Spelled = r.URL.Query().Get("person")
		c.Subject, err = s.storedID(r.Context(), c.Spelled)
		return err
	}
	params := &c.event.routing.URLParams
	for i, name := range params.Keys {
		if name != "person" && name != "other" {
			continue
		}
		text := c.Param(name)
		stored, err := s.storedID(r.Context(), text)
		if err != nil {
			return err
		}
		if stored != text {
			params.Values[i] = url.PathEscape(stored)
		}
		if name == "person" {
			c.Spelled, c.Subject = text, stored
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
	return s.options.Store.StoredID(ctx, text, upper)
}
