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
// with a stale one, tells nothing and costs nothing: it is counted by itself.
// An address is counted in accounts, because a hospital or a mobile network has
// one for many people. Too many failures of an account only slow it down.
var (
	pairRate    = limit.Rate{Burst: 10, Every: time.Minute}      // one account from one address
	repeatRate  = limit.Rate{Burst: 40, Every: 15 * time.Second} // the same, with a password known to be wrong
	addressRate = limit.Rate{Burst: 30, Every: 10 * time.Second} // different accounts from one address
	accountRate = limit.Rate{Burst: 20, Every: 5 * time.Second}  // one account from anywhere
)

// throttle remembers failed logins, and from where accounts have logged in.
type throttle struct {
	refuses   bool
	now       func() time.Time
	seed      maphash.Seed
	pairs     *limit.Limiter
	repeats   *limit.Limiter
	addresses *limit.Limiter
	accounts  *limit.Limiter

	mu     sync.RWMutex
	guests map[uint64]struct{} // pairs that logged in before
}

func newThrottle(refuses bool, now func() time.Time) *throttle {
	return &throttle{
		refuses:   refuses,
		now:       now,
		seed:      maphash.MakeSeed(),
		pairs:     limit.New(pairRate, mostRemembered),
		repeats:   limit.New(repeatRate, mostRemembered),
		addresses: limit.New(addressRate, mostRemembered),
		accounts:  limit.New(accountRate, mostRemembered),
		guests:    map[uint64]struct{}{},
	}
}

// party is who tries: digests of an address, an account, and both together.
type party struct{ address, account, pair uint64 }

// party takes a whole IPv6 network of 64 bits for one address.
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
func (t *throttle) admit(p party) error {
	if !t.refuses {
		return nil
	}
	now := t.now()
	wait := max(t.pairs.Wait(p.pair, now), t.repeats.Wait(p.pair, now))
	if wait == 0 && t.pairs.Level(p.pair, now) == 0 && !t.isGuest(p) {
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

// repeated counts a failure that was known beforehand.
func (t *throttle) repeated(p party) { t.repeats.Add(p.pair, t.now()) }

// succeeded forgives the party its failures.
func (t *throttle) succeeded(p party) {
	t.pairs.Forget(p.pair)
	t.repeats.Forget(p.pair)
	t.mu.Lock()
	defer t.mu.Unlock()
	makeRoom(t.guests, p.pair)
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
