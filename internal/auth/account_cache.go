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

// confirmationLifetime is how long a confirmation that every change is heard counts.
const confirmationLifetime = 5 * time.Second

// AccountCache holds the database's rows of the accounts that logged in, so that a
// request needs no query for them. It relies on a listener that calls Changed for every
// change, and Confirmed again and again to show that it would; without a fresh
// confirmation every account is read from the database.
type AccountCache struct {
	lookup Lookup
	now    func() time.Time
	hits   cacheCounter

	mu        sync.RWMutex
	known     map[string]fed.Credentials // accounts that can log in, by the stored id and no other spelling
	changes   uint64                     // how many were heard
	confirmed time.Time                  // every change before it has been heard
}

// NewAccountCache makes an empty cache over a lookup.
func NewAccountCache(lookup Lookup) *AccountCache {
	return &AccountCache{lookup: lookup, now: time.Now, known: map[string]fed.Credentials{}}
}

// Changed drops an account; "" drops all.
func (a *AccountCache) Changed(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()

	a.changes++
	if id == "" {
		clear(a.known)
		return
	}
	delete(a.known, id)
}

// Confirmed says that every change committed before asOf has been heard. After a gap the
// cache starts empty.
func (a *AccountCache) Confirmed(asOf time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()

	if asOf.Sub(a.confirmed) > confirmationLifetime {
		a.changes++
		clear(a.known)
	}
	a.confirmed = asOf
}

// Disconnected says that changes may go unheard from now on: the cache neither answers
// nor stores anything until the next confirmation, with which it starts empty.
func (a *AccountCache) Disconnected() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.confirmed = time.Time{}
}

// lookupResult is an account as it was found, in the cache or in the database.
type lookupResult struct {
	fed.Credentials
	known   bool
	usable  string // the stored hash if the account can log in with it, else ""
	cached  bool
	changes uint64 // how many had been heard before the database was asked
}

// get gives an account: from the cache only if it can log in there with this stored
// hash, else from the database. The cache cannot tell whether an id in small letters is
// stored by now, so it finds an account only by its own spelling.
func (a *AccountCache) get(ctx context.Context, id, hash string) (lookupResult, error) {
	if strings.ContainsRune(id, 0) || !utf8.ValidString(id) {
		return lookupResult{}, nil // no such id can be stored
	}

	r := a.peek(id, hash)
	a.hits.count(r.cached)
	if r.cached {
		r.usable = hash // only usable hashes are in the cache
		return r, nil
	}

	var err error
	r.Credentials, r.known, err = a.lookup(ctx, id, record.Upper(id))
	if r.known && !r.Inactive {
		r.usable = usable(r.Hash)
	}
	return r, err
}

// peek looks into the cache.
func (a *AccountCache) peek(id, hash string) (r lookupResult) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	r.Credentials, r.known = a.known[id]
	r.changes = a.changes
	r.cached = r.known && r.Hash == hash && a.isConfirmed()
	return r
}

// put caches an account that logged in, unless a change was heard since the query: that
// could be newer than the row.
func (a *AccountCache) put(r lookupResult) {
	if r.cached {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()

	if a.changes != r.changes || !a.isConfirmed() {
		return
	}
	evictIfFull(a.known, r.ID, maxEntries)
	a.known[r.ID] = r.Credentials
}

// isConfirmed reports whether the last confirmation is fresh. The caller holds the lock.
func (a *AccountCache) isConfirmed() bool { return a.now().Sub(a.confirmed) < confirmationLifetime }
