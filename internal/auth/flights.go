// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"sync"
)

// flights are comparisons and hashes under way, or waiting in line.
type flights struct {
	running sync.WaitGroup

	mu      sync.Mutex
	byRoute map[route]*flight
}

// route is what those share who take the same flight.
type route struct {
	place place
	hash  string // that a password is compared with
	by    string // whoever has a new password hashed
}

type flight struct {
	landed     chan struct{}
	hash       string // of a new password, once landed
	err        error  // likewise
	passengers int
	giveUp     context.CancelFunc
}

// share runs do once for all who ask for the same route at the same time. It is
// given up when the last of them has gone.
func (f *flights) share(ctx context.Context, key route, do func(context.Context) (string, error)) (string, error) {
	one := f.board(ctx, key, do)
	select {
	case <-one.landed:
		return one.hash, one.err
	case <-ctx.Done():
		f.mu.Lock()
		defer f.mu.Unlock()
		if one.passengers--; one.passengers == 0 {
			one.giveUp()
			if f.byRoute[key] == one {
				delete(f.byRoute, key)
			}
		}
		return "", ctx.Err()
	}
}

func (f *flights) board(ctx context.Context, key route, do func(context.Context) (string, error)) *flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	if one, ok := f.byRoute[key]; ok {
		one.passengers++
		return one
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	one := &flight{landed: make(chan struct{}), passengers: 1, giveUp: cancel}
	if f.byRoute == nil {
		f.byRoute = map[route]*flight{}
	}
	f.byRoute[key] = one
	f.running.Go(func() {
		defer cancel()
		one.hash, one.err = do(ctx)
		f.mu.Lock()
		if f.byRoute[key] == one {
			delete(f.byRoute, key)
		}
		f.mu.Unlock()
		close(one.landed)
	})
	return one
}
