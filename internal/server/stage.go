// SPDX-License-Identifier: GPL-3.0-or-later

package server

import (
	"context"
	"sync/atomic"

	"thalamus/internal/auth"
	"thalamus/internal/fed"
)

// Stage is how far a server has come: it waits for its database, serves, or drains.
type Stage struct {
	serving  chan struct{} // closed once the database is there
	draining chan struct{} // closed when the server is about to stop
	held     atomic.Int64
}

// NewStage is the first stage: the server waits for its database.
func NewStage() *Stage {
	return &Stage{serving: make(chan struct{}), draining: make(chan struct{})}
}

var errDraining = fed.Errorf(fed.Unavailable, "The server is about to stop; try again.")

// Unready says why no more requests are to be sent here; nil: they are.
func (s *Stage) Unready() error {
	switch {
	case closed(s.draining):
		return errDraining
	case !closed(s.serving):
		return fed.Errorf(fed.Unavailable, "The server waits for its database.")
	}
	return nil
}

// Held is a lookup of accounts that waits until the database is there. Each request that
// needs the database comes here first.
func (s *Stage) Held(lookup auth.Lookup) auth.Lookup {
	return func(ctx context.Context, id, upper string) (fed.Credentials, bool, error) {
		if err := s.Await(ctx); err != nil {
			return fed.Credentials{}, false, err
		}
		return lookup(ctx, id, upper)
	}
}

// HeldRequests counts the requests that wait until the database is there.
func (s *Stage) HeldRequests() int64 { return s.held.Load() }

// Await waits until the database is there.
func (s *Stage) Await(ctx context.Context) error {
	if closed(s.serving) {
		return nil
	}

	s.held.Add(1)
	defer s.held.Add(-1)

	select {
	case <-s.serving:
		return nil
	case <-s.draining:
		return errDraining
	case <-ctx.Done():
		return ctx.Err()
	}
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
