// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"thalamus/internal/record"
)

// resolveSubject replaces the ids of persons in the path by the stored ones. Only these
// count from there on: for the caller's own records, for the access record, for the location
// of a new record. It comes before any refusal, whether or not the person exists, so that a
// refusal does not reveal that.
func (g *Gate) resolveSubject(row *Row, w http.ResponseWriter, r *http.Request, c *Caller) (err error) {
	if row.Subject == OfLookup {
		c.Subject, err = row.Lookup(w, r, c)
		c.Spelled = c.Subject
		return err
	}

	if row.Subject == OfFilter {
		c.Spelled = r.URL.Query().Get("person")
		c.Subject, err = g.storedID(r.Context(), c.Spelled)
		return err
	}

	if row.Subject == OfCaller {
		c.Spelled, c.Subject = c.Account.ID, c.Account.ID
		return nil
	}

	params := &c.event.routing.URLParams
	for i, name := range params.Keys {
		if name != "person" && name != "other" {
			continue
		}

		text := c.Param(name)
		stored, err := g.storedID(r.Context(), text)
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

// storedID gives the stored id of a person: as it is written and, if nobody has that, in
// upper case. An id in upper case needs no query.
func (g *Gate) storedID(ctx context.Context, text string) (string, error) {
	upper := record.Upper(text)
	if upper == text || !Storable(text) {
		return text, nil
	}
	return g.options.StoredID(ctx, text, upper)
}

// Storable reports whether a text can be in the database at all.
func Storable(text string) bool {
	return text != "" && utf8.ValidString(text) && !strings.ContainsRune(text, 0)
}
