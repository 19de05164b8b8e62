// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"hash/maphash"
	"slices"
	"time"
)

// Replicas gives those that the database has; nil: none.
func (db *DB) Replicas() *Replicas { return db.replicas }

// Choose gives the replica, from 1 on, that a request of an account may read, or 0 for the primary: an
// account reads what it wrote before, and else nothing that is older than ReadLag. As long as the replicas
// stay the same, an account stays with one, so that it does not see an older state after a newer one.
func (r *Replicas) Choose(account string) int {
	if r == nil {
		return 0
	}

	now, written := time.Now(), r.lastWritten(account)
	first := maphash.String(r.seed, account) % uint64(len(r.servers))
	for i := range r.servers {
		at := (int(first) + i) % len(r.servers)
		one := r.servers[at]
		state := one.state.Load()
		if state.reason == nil && now.Sub(state.asOf) <= r.maxLag && state.asOf.After(written) && one.db.pool.OutageEnd() == nil {
			one.read.Add(1)
			return at + 1
		}
	}

	r.read.Add(1)
	return 0
}

// ChooseFor is Choose for a request about a person: where there are statements about that one, a replica may not
// have them yet.
func (r *Replicas) ChooseFor(account, person string) int {
	if r == nil || person != "" && r.primary.guarded.has(person) {
		return 0
	}
	return r.Choose(account)
}

// lastWritten gives the time when an account was last known to have written.
func (r *Replicas) lastWritten(account string) time.Time {
	r.mu.RLock()
	defer r.mu.RUnlock()

	own := r.wrote[account]
	if own.After(r.all) {
		return own
	}
	return r.all
}

// Wrote says that accounts have written, and that this is committed.
func (r *Replicas) Wrote(accounts ...string) {
	if r == nil {
		return
	}

	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, account := range accounts {
		r.wrote[account] = now
	}
}

// wroteAll says that any account may have written.
func (r *Replicas) wroteAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = time.Now()
}

// forget forgets writes that every replica has which may be read at all.
func (r *Replicas) forget(now time.Time) {
	for account, at := range r.wrote {
		if now.Sub(at) > r.maxLag {
			delete(r.wrote, account)
		}
	}
}

// Read reports whether any of the replicas is read; true if there are none.
func (r *Replicas) Read() bool {
	each, _ := r.Use()
	return len(each) == 0 || slices.ContainsFunc(each, func(use ReplicaUse) bool { return use.Reason == nil })
}

// ReplicaUse is how a replica is used, as of the last question.
type ReplicaUse struct {
	Server   string        // host:port
	Reason   error         // why it is not read; nil: it is
	Lag      time.Duration // it has all that was committed before that time; 0: not known
	Read     uint64        // requests that were given to it
	Repeated uint64        // statements of theirs that the primary had to answer
}

// Use tells how each is used, and how many requests that a replica may have answered read the primary.
func (r *Replicas) Use() (each []ReplicaUse, primary uint64) {
	if r == nil {
		return nil, 0
	}

	now := time.Now()
	for _, one := range r.servers {
		state := one.state.Load()
		use := ReplicaUse{Server: one.server, Reason: state.reasonAt(now, r.maxLag), Read: one.read.Load(), Repeated: one.db.pool.Repeated()}
		if !state.asOf.IsZero() {
			use.Lag = now.Sub(state.asOf)
		}
		each = append(each, use)
	}
	return each, r.read.Load()
}
