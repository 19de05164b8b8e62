// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// ward is somebody for whom the caller acts: a child, or who cannot look after the own book. The name is not told here,
// where nothing of that person is read.
type ward struct {
	store.Statement
	Path string // href of the book
}

// wardsOf are those whose books the caller reads as they would.
func (p books) wardsOf(r *http.Request, c *gate.Caller) (wards []ward, err error) {
	if !c.Policy().AllowActing(c.Account.Roles, access.Book) {
		return nil, nil
	}

	acting, err := store.Consents(p.Store.For(c.Reader())).Wards(r.Context())
	for _, s := range acting {
		wards = append(wards, ward{s, c.Path("portal", "people", s.Person, "book")})
	}
	return wards, err
}
