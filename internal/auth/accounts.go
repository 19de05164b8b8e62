// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// trusted is how long a proof that every change is heard stays good.
const trusted = 5 * time.Second

// Accounts holds what the database says about the accounts that logged in, so
// that a request needs no question to it. It relies on somebody who tells of
// every change (Changed) and proves again and again that it would (Heard);
// without a fresh proof every account is read from the database.
type Accounts struct {
	lookup Lookup
	now    func() time.Time

	mu      sync.RWMutex
	known   map[string]fed.Credentials // that can log in, by the stored id and no other spelling
	changes uint64                     // how many were told
	heard   time.Time                  // until then every change is known to have been told
}

// NewAccounts makes an empty memory over a lookup.
func NewAccounts(lookup Lookup) *Accounts {
	return &Accounts{lookup: lookup, now: time.Now, known: map[string]fed.Credentials{}}
}

// Changed drops an account; "" drops all.
func (a *Accounts) Changed(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changes++
	if id == "" {
		clear(a.known)
		return
	}
	delete(a.known, id)
}

// Heard says that every change committed before asOf was told. After a gap the
// memory starts empty.
func (a *Accounts) Heard(asOf time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if asOf.Sub(a.heard) > trusted {
		a.changes++
		clear(a.known)
	}
	a.heard = asOf
}

// Deaf says that changes may not be told from now on: nothing is trusted or kept
// until the next proof, with which the memory starts empty.
func (a *Accounts) Deaf() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.heard = time.Time{}
}

// finding is an account as it was found.
type finding struct {
	fed.Credentials
	known      bool
	usable     string // the stored hash if somebody can log in with it, else ""
	remembered bool   // it was in memory
	changes    uint64 // how many had been told before the database was asked
}

// find gives an account: from memory only if it can log in there with this stored
// hash, else from the database. Memory cannot tell that an id in small letters is not
// stored so by now: only its own spelling is found there.
func (a *Accounts) find(ctx context.Context, id, hash string) (f finding, err error) {
	if strings.ContainsRune(id, 0) || !utf8.ValidString(id) {
		return f, nil // no such id can be stored
	}
	a.mu.RLock()
	f.Credentials, f.known = a.known[id]
	f.changes = a.changes
	f.remembered = f.known && f.Hash == hash && a.live()
	a.mu.RUnlock()
	if f.remembered {
		f.usable = hash // or it would not be in memory
		return f, nil
	}

	f.Credentials, f.known, err = a.lookup(ctx, id, record.Upper(id))
	if f.known && !f.Inactive {
		f.usable = usable(f.Hash)
	}
	return f, err
}

// keep remembers an account that logged in, unless a change was told since it
// was looked for: that could be newer than what was found.
func (a *Accounts) keep(f finding) {
	if f.remembered {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.changes == f.changes && a.live() {
		makeRoom(a.known, f.ID, mostRemembered)
		a.known[f.ID] = f.Credentials
	}
}

// live reports whether the last proof is fresh. The caller holds the lock.
func (a *Accounts) live() bool { return a.now().Sub(a.heard) < trusted }
