// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"sync"
	"time"

	"thalamus/internal/fed"
)

var errWrong = &fed.Error{Kind: fed.Unauthenticated, Msg: "The account or the password is wrong."}

// attempt is a login that is not remembered.
type attempt struct {
	party    party
	id       string
	password string
	hash     string // stored; unusable if the account cannot log in
	fact     fact
}

// login compares, unless the outcome is known or the party is to wait. Attempts
// of the same fact at the same time share one comparison.
func (v *Verifier) login(ctx context.Context, a attempt) error {
	if err := v.throttle.admit(a.party); err != nil {
		return err
	}
	if v.memory.wrong(a.fact, v.Now()) {
		v.throttle.repeated(a.party)
		return errWrong
	}
	return v.flights.share(ctx, a.fact, func(ctx context.Context) error { return v.fly(ctx, a) })
}

// fly waits for its turn and compares, unless another flight has just landed.
func (v *Verifier) fly(ctx context.Context, a attempt) error {
	if v.memory.right(a.id, a.fact, v.Now()) {
		return nil
	}
	if err := sleep(ctx, v.throttle.pause(a.party)); err != nil {
		return err
	}
	if err := v.line.enter(ctx, a.party); err != nil {
		return err
	}
	defer v.line.leave()
	if err := v.throttle.admit(a.party); err != nil { // others failed meanwhile
		return err
	}
	right := v.fits(a.hash, a.password)
	v.memory.keep(a.id, a.fact, right, v.Now())
	if !right {
		v.throttle.failed(a.party)
		return errWrong
	}
	v.throttle.succeeded(a.party)
	if v.Upgrade != nil && costOf(a.hash) < v.Cost {
		v.upgrade(ctx, a)
	}
	return nil
}

// upgrade replaces a hash that is cheaper than the configured ones. The login is
// right whether or not that works.
func (v *Verifier) upgrade(ctx context.Context, a attempt) {
	rules := Passwords{Cost: v.Cost}
	if rules.CheckSize(a.password) != nil { // bcrypt would not hash what it once cut off
		return
	}
	hash, err := rules.Hash(a.password)
	if err != nil {
		return
	}
	v.Upgrade(ctx, a.id, a.hash, hash)
	v.memory.keep(a.id, v.memory.fact(a.id, a.password, hash), true, v.Now())
}

// flights are comparisons under way, or waiting in line.
type flights struct {
	running sync.WaitGroup

	mu     sync.Mutex
	byFact map[fact]*flight
}

type flight struct {
	landed     chan struct{}
	err        error // once landed
	passengers int
	giveUp     context.CancelFunc
}

// share runs do once for all who ask for the same fact at the same time. It is
// given up when the last of them has gone.
func (f *flights) share(ctx context.Context, key fact, do func(context.Context) error) error {
	one := f.board(ctx, key, do)
	select {
	case <-one.landed:
		return one.err
	case <-ctx.Done():
		f.mu.Lock()
		defer f.mu.Unlock()
		if one.passengers--; one.passengers == 0 {
			one.giveUp()
			if f.byFact[key] == one {
				delete(f.byFact, key)
			}
		}
		return ctx.Err()
	}
}

func (f *flights) board(ctx context.Context, key fact, do func(context.Context) error) *flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	if one, ok := f.byFact[key]; ok {
		one.passengers++
		return one
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	one := &flight{landed: make(chan struct{}), passengers: 1, giveUp: cancel}
	if f.byFact == nil {
		f.byFact = map[fact]*flight{}
	}
	f.byFact[key] = one
	f.running.Go(func() {
		defer cancel()
		one.err = do(ctx)
		f.mu.Lock()
		if f.byFact[key] == one {
			delete(f.byFact, key)
		}
		f.mu.Unlock()
		close(one.landed)
	})
	return one
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
