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

// attempt is a login on its way; each step adds what it learns.
type attempt struct {
	at       time.Time
	party    party
	place    place
	password string

	refused error    // by the throttle, which it passed all the same
	pass    sighting // because of this
	fits    string   // the stored hash that the password is remembered to fit, or ""

	id   string // as stored
	hash string // usable, or ""
}

// attempt makes the digest.
func (v *Verifier) attempt(from netip.Addr, id, password string) attempt {
	upper := record.Upper(id)
	p := v.throttle.party(from, upper)
	return attempt{at: v.Now(), party: p, place: place{v.memory.digest(upper, password), p.address}, password: password}
}

// admit asks the throttle. A password that was compared at this address lately passes
// it, while the pair has looks left and the hash is still the same.
func (v *Verifier) admit(a *attempt) error {
	a.fits = v.memory.fitting(a.place.digest, a.at)
	a.refused = v.throttle.admit(a.party, a.at)
	if a.refused == nil {
		return nil
	}

	if !v.throttle.ration.look(a.party.pair, a.place.digest, a.at) {
		return a.refused
	}
	pass, ok := v.memory.lately(a.place, a.at)
	if !ok {
		return a.refused
	}
	a.pass = pass
	if pass.hash != a.fits {
		a.fits = "" // it may fail
	}
	return nil
}

// held gives the refusal of an attempt that passed the throttle with another hash than
// the one that is stored.
func (a attempt) held() error {
	if a.refused != nil && a.pass.hash != a.hash {
		return a.refused
	}
	return nil
}

// login compares, unless it is known how that ends. Attempts of the same password with
// the same hash from the same address at the same time share one comparison.
func (v *Verifier) login(ctx context.Context, a attempt) error {
	if err := a.held(); err != nil {
		return err
	}
	right, known := v.memory.outcome(a.place, a.hash, a.at)
	if !known {
		return v.board(ctx, a)
	}

	if right && v.memory.see(a.place, a.hash, a.at) {
		v.throttle.welcome(a.party)
	}
	return verdict(right)
}

// board is apart from login, for what it takes along is moved to the heap.
func (v *Verifier) board(ctx context.Context, a attempt) error {
	_, err := v.share(ctx, route{place: a.place, hash: a.hash}, func(ctx context.Context) (string, error) {
		return "", v.fly(ctx, a)
	})
	return err
}

// fly waits for its turn and compares, unless others failed meanwhile or another flight
// has just landed.
func (v *Verifier) fly(ctx context.Context, a attempt) error {
	if err := sleep(ctx, v.throttle.pause(a.party)); err != nil {
		return err
	}
	if err := v.line.enter(ctx, a.party); err != nil {
		return err
	}
	defer v.line.leave()

	a.at = v.Now()
	if err := v.admit(&a); err != nil {
		return err
	}
	if err := a.held(); err != nil {
		return err
	}
	right, known := v.memory.outcome(a.place, a.hash, a.at)
	if known {
		return verdict(right)
	}
	right = v.fits(a.hash, a.password)
	v.memory.keep(a.place, a.hash, right, v.Now())
	if !right {
		v.throttle.failed(a.party)
		return errWrong
	}

	v.throttle.succeeded(a.party)
	if v.Upgrade != nil && record.HashCost(a.hash) < v.Cost {
		v.upgrade(ctx, a)
	}
	return nil
}

func verdict(right bool) error {
	if right {
		return nil
	}
	return errWrong
}

// upgrade replaces a hash that is cheaper than the configured ones. The login is
// right whether or not that works.
func (v *Verifier) upgrade(ctx context.Context, a attempt) {
	if record.CheckPassword(a.password) != nil { // bcrypt would not hash what it once cut off
		return
	}
	hash, err := Hash(a.password, v.Cost)
	if err != nil {
		return
	}
	v.Upgrade(ctx, a.id, a.hash, hash)
	v.memory.keep(a.place, hash, true, v.Now())
}

// sleep waits, but not for longer than the line's patience.
func sleep(ctx context.Context, pause time.Duration) error {
	if pause == 0 {
		return nil
	}
	timer := time.NewTimer(min(pause, patience))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
