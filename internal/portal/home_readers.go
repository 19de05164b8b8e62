// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"slices"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// Bounds of what the home page says of readers.
const (
	readersTime = 7 * 24 * time.Hour
	readersRead = 200 // lines of the access record
)

// homeReaders is who has read about the caller in the last days, without the caller.
type homeReaders struct {
	Path     string // href of all accesses
	Kept     bool   // the hub keeps the access record where it can be asked
	Accounts []readerAccount
	More     bool // there were more readings than were looked at
}

// readerAccount is an account that has read in the same roles, once or more.
type readerAccount struct {
	Account, Name string
	Roles         []string
	Last          time.Time
	Count         int
}

func (p books) homeReaders(r *http.Request, c *gate.Caller) (*homeReaders, error) {
	shown := &homeReaders{Path: c.Path("portal", "access"), Kept: c.AccessIndexed()}
	if !shown.Kept {
		return shown, nil
	}
	if err := c.RecordRead(access.Access); err != nil {
		return nil, err
	}

	asked := store.AccessQuery{Person: c.Subject, From: time.Now().Add(-readersTime), Others: true}
	part := store.Keyset[store.AccessKey]{Limit: readersRead, More: func(store.AccessKey) { shown.More = true }}
	err := p.Store.For(c.Reader()).Accesses(r.Context(), asked, part, wholeList{}, func(a store.Access) error {
		if a.Status < http.StatusBadRequest {
			shown.add(a)
		}
		return nil
	})
	return shown, err
}

// RoleLabels are the names of the roles.
func (r readerAccount) RoleLabels() []label { return roleLabels(r.Roles) }

// add counts an access, of which the newest come first.
func (h *homeReaders) add(a store.Access) {
	for i, r := range h.Accounts {
		if r.Account == a.Account && slices.Equal(r.Roles, a.Roles) {
			h.Accounts[i].Count++
			return
		}
	}
	h.Accounts = append(h.Accounts, readerAccount{a.Account, a.Name, a.Roles, a.Time, 1})
}
