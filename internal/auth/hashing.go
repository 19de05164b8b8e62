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

// maxHashes is how many new passwords of one account, and from one address, are
// hashed or wait for it.
const maxHashes = 2

var errHashing = &fed.Error{
	Kind: fed.Unavailable, Msg: "Other new passwords from here are still being stored; try again.", Wait: 5 * time.Second,
}

// Hash makes the hash of a new password of an account, which passed its rules. It takes
// as long as a login and waits behind all of them: let nothing else refuse the request
// afterwards. from and by are the address and the account of the request. The same
// request many times at once is hashed once.
func (v *Verifier) Hash(ctx context.Context, from netip.Addr, by, id, password string) (string, error) {
	c := v.throttle.client(from, record.Upper(by))
	c.newPassword = true

	key := callKey{cacheKey: cacheKey{v.passwords.digest(id, password), c.address}, caller: by}
	return v.shareCall(ctx, key, func(ctx context.Context) (string, error) { return v.hashInTurn(ctx, c, password) })
}

func (v *Verifier) hashInTurn(ctx context.Context, c client, password string) (string, error) {
	taken := v.hashQuota.take(c)
	if !taken {
		return "", errHashing
	}
	defer v.hashQuota.release(c)

	err := v.queue.acquire(ctx, c)
	if err != nil {
		return "", err
	}
	defer v.queue.release()

	return Hash(password, v.Cost)
}

// hashQuota counts the new passwords that are hashed or wait for it.
type hashQuota struct {
	mu        sync.Mutex
	accounts  map[uint64]int
	addresses map[uint64]int
}

func newHashQuota() *hashQuota {
	return &hashQuota{accounts: map[uint64]int{}, addresses: map[uint64]int{}}
}

// take reports whether the client may have one more hashed, and counts it.
func (h *hashQuota) take(c client) bool {
	h.mu.Lock()
	defer h.mu.Unlock()

	if h.accounts[c.account] >= maxHashes || h.addresses[c.address] >= maxHashes {
		return false
	}
	h.accounts[c.account]++
	h.addresses[c.address]++
	return true
}

// release ends what take has counted.
func (h *hashQuota) release(c client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	decrement(h.accounts, c.account)
	decrement(h.addresses, c.address)
}

func decrement(counts map[uint64]int, key uint64) {
	counts[key]--
	if counts[key] == 0 {
		delete(counts, key)
	}
}
