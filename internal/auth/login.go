// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"net/netip"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

var errWrong = &fed.Error{Kind: fed.Unauthenticated, Msg: "The account or the password is wrong."}

// attempt is a login in progress; each step adds what it learns.
type attempt struct {
	at       time.Time
	client   client
	key      cacheKey
	password string

	refused      error      // the throttle's refusal, which the exemption overrode
	exemption    comparison // the cached comparison that overrode it
	verifiedHash string     // the stored hash that the password is cached to fit, or ""

	id   string // as stored
	hash string // usable, or ""
}

// attempt makes the digest.
func (v *Verifier) attempt(from netip.Addr, id, password string) attempt {
	upper := record.Upper(id)
	c := v.throttle.client(from, upper)
	return attempt{at: v.Now(), client: c, key: cacheKey{v.passwords.digest(upper, password), c.address}, password: password}
}

// admit asks the throttle. A password that was compared at this address lately is exempt
// while the pair has guesses left and the hash is still the same.
func (v *Verifier) admit(a *attempt) error {
	a.verifiedHash = v.passwords.verifiedHash(a.key.digest, a.at)
	a.refused = v.throttle.admit(a.client, a.at)
	if a.refused == nil {
		return nil
	}

	allowed := v.throttle.guesses.spend(a.client.pair, a.key.digest, a.at)
	if !allowed {
		return a.refused
	}
	exemption, ok := v.passwords.recentComparison(a.key, a.at)
	if !ok {
		return a.refused
	}

	a.exemption = exemption
	if exemption.hash != a.verifiedHash {
		a.verifiedHash = "" // it may fail
	}
	return nil
}

// refusal gives the throttle's refusal to an attempt that was exempt with another hash
// than the one that is stored.
func (a attempt) refusal() error {
	if a.refused != nil && a.exemption.hash != a.hash {
		return a.refused
	}
	return nil
}

// authenticate compares, unless the cache knows how that ends. Attempts of the same
// password with the same hash from the same address at the same time share one comparison.
func (v *Verifier) authenticate(ctx context.Context, a attempt) error {
	if err := a.refusal(); err != nil {
		return err
	}

	right, known := v.passwords.outcome(a.key, a.hash, a.at)
	v.counters.passwords.count(known)
	if !known {
		return v.compareShared(ctx, a)
	}
	if !right {
		return errWrong
	}

	renewed := v.passwords.touch(a.key, a.hash, a.at)
	if renewed {
		v.throttle.markKnown(a.client)
	}
	return nil
}

// compareShared is a function of its own because its closure moves the attempt to the heap.
func (v *Verifier) compareShared(ctx context.Context, a attempt) error {
	key := callKey{cacheKey: a.key, hash: a.hash}
	_, err := v.shareCall(ctx, key, func(ctx context.Context) (string, error) {
		return "", v.compareInTurn(ctx, a)
	})
	return err
}

// compareInTurn waits in the queue and compares, unless the client has failed too often
// meanwhile or the cache has the outcome by then.
func (v *Verifier) compareInTurn(ctx context.Context, a attempt) error {
	err := sleep(ctx, v.throttle.delay(a.client))
	if err != nil {
		return err
	}
	err = v.queue.acquire(ctx, a.client)
	if err != nil {
		return err
	}
	defer v.queue.release()

	a.at = v.Now()
	err = v.admit(&a)
	if err != nil {
		return err
	}
	err = a.refusal()
	if err != nil {
		return err
	}

	right, known := v.passwords.outcome(a.key, a.hash, a.at)
	if known {
		return result(right)
	}
	return v.compareNow(ctx, a)
}

// compareNow compares and counts the outcome.
func (v *Verifier) compareNow(ctx context.Context, a attempt) error {
	right := v.fits(a.hash, a.password)
	v.passwords.add(a.key, a.hash, right, v.Now())
	if !right {
		v.throttle.failed(a.client)
		return errWrong
	}

	v.throttle.succeeded(a.client)
	if v.Upgrade != nil && record.HashCost(a.hash) < v.Cost {
		v.upgrade(ctx, a)
	}
	return nil
}

func result(right bool) error {
	if right {
		return nil
	}
	return errWrong
}

// upgrade replaces a hash that is cheaper than the configured cost. The login is
// right whether or not that works.
func (v *Verifier) upgrade(ctx context.Context, a attempt) {
	if record.CheckPassword(a.password) != nil { // bcrypt refuses to hash a password that it once cut off
		return
	}
	hash, err := Hash(a.password, v.Cost)
	if err != nil {
		return
	}

	err = v.Upgrade(ctx, a.id, a.hash, hash)
	if err == nil {
		v.passwords.add(a.key, hash, true, v.Now())
	}
}

// sleep waits, but no longer than a login waits in the queue.
func sleep(ctx context.Context, delay time.Duration) error {
	if delay == 0 {
		return nil
	}

	timer := time.NewTimer(min(delay, queueTimeout))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
