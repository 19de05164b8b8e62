// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"
	"slices"

	"thalamus/internal/access"
)

// ofBook reports whether a row shows a whole book, or all documents of one.
func (r *Row) ofBook() bool {
	of := func(endpoint access.Endpoint) bool { return endpoint == access.Book || endpoint == access.PersonalDocs }
	return r.reads() && (of(r.Endpoint) || slices.ContainsFunc(r.Besides, of))
}

// tellWithheld says in a header that a book is not whole, never how much of it there is: a doctor must know that there
// may be more.
func (g *Gate) tellWithheld(row *Row, w http.ResponseWriter, r *http.Request, c *Caller) error {
	if !row.ofBook() || c.Subject == "" || c.Own {
		return nil
	}

	withheld, err := g.options.Withholds(r.Context(), c.Reader(), c.Subject)
	if withheld {
		w.Header().Set("Thalamus-Withheld", "true")
	}
	return err
}
