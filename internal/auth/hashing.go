// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// mostHashes is how many new passwords of one account, and from one address, are
// hashed or wait for it.
const mostHashes = 2

var errHashing = &fed.Error{
	Kind: fed.Unavailable, Msg: "Other new passwords from here are still being stored; try again.", Wait: 5 * time.Second,
}

// Hash makes the hash of a new password of an account, which passed its rules. It takes
// as long as a login and waits behind all of them: let nothing else refuse the request
// afterwards. from and by say on whose behalf. The same request many times at once is
// hashed once.
func (v *Verifier) Hash(ctx context.Context, from netip.Addr, by, id, password string) (string, error) {
	p := v.throttle.party(from, record.Upper(by))
	p.newPassword = true
	same := route{place: place{v.memory.digest(id, password), p.address}, by: by}
	return v.share(ctx, same, func(ctx context.Context) (string, error) { return v.hash(ctx, p, password) })
}

func (v *Verifier) hash(ctx context.Context, p party, password string) (string, error) {
	if !v.hashing.begin(p) {
		return "", errHashing
	}
	defer v.hashing.end(p)

	if err := v.line.enter(ctx, p); err != nil {
		return "", err
	}
	defer v.line.leave()
	return Hash(password, v.Cost)
}

// hashing counts the new passwords under way.
type hashing struct {
	mu        sync.Mutex
	accounts  map[uint64]int
	addresses map[uint64]int
}

func newHashing() *hashing {
	return &hashing{accounts: map[uint64]int{}, addresses: map[uint64]int{}}
}

// begin takes a place, if there is one.
func (h *hashing) begin(p party) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.accounts[p.account] >= mostHashes || h.addresses[p.address] >= mostHashes {
		return false
	}
	h.accounts[p.account]++
	h.addresses[p.address]++
	return true
}

// end gives the place back.
func (h *hashing) end(p party) {
	h.mu.Lock()
	defer h.mu.Unlock()
	drop(h.accounts, p.account)
	drop(h.addresses, p.address)
}

func drop(times map[uint64]int, key uint64) {
	if times[key]--; times[key] == 0 {
		delete(times, key)
	}
}
