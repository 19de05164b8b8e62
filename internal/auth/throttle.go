// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/limit"
)

// How many failures are let pass. The same wrong password again, as from a phone
// with an old one, counts as none. An address is counted in accounts, because a hospital
// or a mobile network has one for many people. Too many failures of an account only slow
// it down.
var (
	pairRate    = limit.Rate{Burst: 10, Every: time.Minute}      // one account from one address
	addressRate = limit.Rate{Burst: 30, Every: 10 * time.Second} // different accounts from one address
	accountRate = limit.Rate{Burst: 20, Every: 5 * time.Second}  // one account from anywhere
)

// throttle counts failed logins, and holds from where accounts have logged in.
type throttle struct {
	refuses   bool
	now       func() time.Time
	seed      maphash.Seed
	pairs     *limit.Limiter
	addresses *limit.Limiter
	accounts  *limit.Limiter
	guesses   guessBudget

	mu         sync.RWMutex
	knownPairs map[uint64]struct{} // pairs that have logged in
}

func newThrottle(refuses bool, now func() time.Time) *throttle {
	return &throttle{
		refuses:    refuses,
		now:        now,
		seed:       maphash.MakeSeed(),
		pairs:      limit.New(pairRate, maxEntries),
		addresses:  limit.New(addressRate, maxEntries),
		accounts:   limit.New(accountRate, maxEntries),
		guesses:    guessBudget{pairs: map[uint64]map[digest]time.Time{}},
		knownPairs: map[uint64]struct{}{},
	}
}

// client is the origin of a request: digests of its address, its account, and the pair
// of both.
type client struct {
	address, account, pair uint64
	newPassword            bool // the request has a new password hashed, and is no login
}

// client takes a whole IPv6 network of 64 bits for one address. The account is in upper
// case: two that differ only in that count as one.
func (t *throttle) client(from netip.Addr, account string) client {
	from = from.Unmap().WithZone("")
	if from.Is6() {
		from = netip.PrefixFrom(from, 64).Masked().Addr()
	}

	type pair struct {
		from    netip.Addr
		account string
	}
	return client{
		address: maphash.Comparable(t.seed, from),
		account: maphash.Comparable(t.seed, account),
		pair:    maphash.Comparable(t.seed, pair{from, account}),
	}
}

// admit refuses, as TooMany, a client that failed too often. Failures of the whole address
// count only for a pair that neither logged in nor failed there.
func (t *throttle) admit(c client, now time.Time) error {
	if !t.refuses {
		return nil
	}

	wait := t.pairs.Wait(c.pair, now)
	if wait == 0 && !t.isKnown(c) && t.pairs.Level(c.pair, now) == 0 {
		wait = t.addresses.Wait(c.address, now)
	}
	if wait == 0 {
		return nil
	}
	return &fed.Error{Kind: fed.TooMany, Msg: "Too many failed logins; try again later.", Wait: wait}
}

// delay is how long an attempt waits because its account failed too often from
// everywhere; 0 for a known pair.
func (t *throttle) delay(c client) time.Duration {
	if !t.refuses || t.isKnown(c) {
		return 0
	}
	return t.accounts.Wait(c.account, t.now())
}

// failed counts a failure.
func (t *throttle) failed(c client) {
	now := t.now()
	if t.pairs.Level(c.pair, now) == 0 {
		t.addresses.Add(c.address, now)
	}
	t.pairs.Add(c.pair, now)
	t.accounts.Add(c.account, now)
}

// resetFailures takes back the failures of a pair.
func (t *throttle) resetFailures(c client) { t.pairs.Forget(c.pair) }

// succeeded takes back a pair's failures and makes it known.
func (t *throttle) succeeded(c client) {
	t.resetFailures(c)
	t.markKnown(c)
}

// markKnown notes that a pair has logged in.
func (t *throttle) markKnown(c client) {
	t.mu.Lock()
	defer t.mu.Unlock()
	evictIfFull(t.knownPairs, c.pair, maxEntries)
	t.knownPairs[c.pair] = struct{}{}
}

func (t *throttle) isKnown(c client) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	_, ok := t.knownPairs[c.pair]
	return ok
}

// penalty orders clients in the queue: lower is better. Known pairs come first, then
// the others by the failures of their address and of themselves.
func (t *throttle) penalty(c client) int {
	if t.isKnown(c) {
		return -1
	}
	now := t.now()
	return t.addresses.Level(c.address, now) + t.pairs.Level(c.pair, now)
}
