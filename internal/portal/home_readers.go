// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"strings"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
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
	Kept     bool // the hub keeps the access record where it can be asked
	Accounts []readerAccount
	More     bool // there were more readings than were looked at
}

// readerAccount is an account that has read, once or more.
type readerAccount struct {
	Account, Name string
	Roles         string
	Last          time.Time
	Count         int
}

func (p *Portal) homeReaders(r *http.Request, c *gate.Caller) (*homeReaders, error) {
	shown := &homeReaders{Kept: c.AccessIndexed()}
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
	if fed.KindOf(err) == fed.NotFound {
		return shown, nil
	}
	return shown, err
}

// add counts an access, of which the newest come first.
func (h *homeReaders) add(a store.Access) {
	for i := range h.Accounts {
		if h.Accounts[i].Account == a.Account {
			h.Accounts[i].Count++
			return
		}
	}
	h.Accounts = append(h.Accounts, readerAccount{a.Account, a.Name, strings.Join(a.Roles, ", "), a.Time, 1})
}
