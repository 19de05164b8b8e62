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
// with an old one, is none. An address is counted in accounts, because a hospital or
// a mobile network has one for many people. Too many failures of an account only slow
// it down.
var (
	pairRate    = limit.Rate{Burst: 10, Every: time.Minute}      // one account from one address
	addressRate = limit.Rate{Burst: 30, Every: 10 * time.Second} // different accounts from one address
	accountRate = limit.Rate{Burst: 20, Every: 5 * time.Second}  // one account from anywhere
)

// throttle remembers failed logins, and from where accounts have logged in.
type throttle struct {
	refuses   bool
	now       func() time.Time
	seed      maphash.Seed
	pairs     *limit.Limiter
	addresses *limit.Limiter
	accounts  *limit.Limiter
	ration    ration

	mu     sync.RWMutex
	guests map[uint64]struct{} // pairs that logged in before
}

func newThrottle(refuses bool, now func() time.Time) *throttle {
	return &throttle{
		refuses:   refuses,
		now:       now,
		seed:      maphash.MakeSeed(),
		pairs:     limit.New(pairRate, mostRemembered),
		addresses: limit.New(addressRate, mostRemembered),
		accounts:  limit.New(accountRate, mostRemembered),
		ration:    ration{pairs: map[uint64]map[digest]time.Time{}},
		guests:    map[uint64]struct{}{},
	}
}

// party is who tries: digests of an address, an account, and both together.
type party struct {
	address, account, pair uint64
	newPassword            bool // which is to be hashed: this is no login
}

// party takes a whole IPv6 network of 64 bits for one address. The account is in upper
// case: two that differ only in that count as one.
func (t *throttle) party(from netip.Addr, account string) party {
	from = from.Unmap().WithZone("")
	if from.Is6() {
		from = netip.PrefixFrom(from, 64).Masked().Addr()
	}
	type both struct {
		from    netip.Addr
		account string
	}
	return party{
		address: maphash.Comparable(t.seed, from),
		account: maphash.Comparable(t.seed, account),
		pair:    maphash.Comparable(t.seed, both{from, account}),
	}
}

// admit refuses, as TooMany, a party that failed too often. It looks at the
// address only when the party is a new one there.
func (t *throttle) admit(p party, now time.Time) error {
	if !t.refuses {
		return nil
	}
	wait := t.pairs.Wait(p.pair, now)
	if wait == 0 && !t.isGuest(p) && t.pairs.Level(p.pair, now) == 0 {
		wait = t.addresses.Wait(p.address, now)
	}
	if wait > 0 {
		return &fed.Error{Kind: fed.TooMany, Msg: "Too many failed logins; try again later.", Wait: wait}
	}
	return nil
}

// pause is how long an attempt on a besieged account is held back; not where
// the account has logged in before.
func (t *throttle) pause(p party) time.Duration {
	if !t.refuses || t.isGuest(p) {
		return 0
	}
	return t.accounts.Wait(p.account, t.now())
}

// failed counts a failure.
func (t *throttle) failed(p party) {
	now := t.now()
	if t.pairs.Level(p.pair, now) == 0 {
		t.addresses.Add(p.address, now)
	}
	t.pairs.Add(p.pair, now)
	t.accounts.Add(p.account, now)
}

// forgive forgets the failures of a pair.
func (t *throttle) forgive(p party) { t.pairs.Forget(p.pair) }

// succeeded forgives a pair its failures and makes it a guest.
func (t *throttle) succeeded(p party) {
	t.forgive(p)
	t.welcome(p)
}

// welcome makes a pair a guest.
func (t *throttle) welcome(p party) {
	t.mu.Lock()
	defer t.mu.Unlock()
	makeRoom(t.guests, p.pair, mostRemembered)
	t.guests[p.pair] = struct{}{}
}

func (t *throttle) isGuest(p party) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	_, ok := t.guests[p.pair]
	return ok
}

// standing orders parties: lower is better. Guests come first, then addresses
// by the failures they were home to.
func (t *throttle) standing(p party) int {
	if t.isGuest(p) {
		return -1
	}
	now := t.now()
	return t.addresses.Level(p.address, now) + t.pairs.Level(p.pair, now)
}
