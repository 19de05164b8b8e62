// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"
)

// Bounds of a round.
const (
	mostGathered = 32 // ids
	roundTime    = 30 * time.Second
)

// gathering answers who asks at the same time with one query, which takes a good
// part of the work from the database and from us. Who asks while no query is
// under way is not kept waiting; who asks during one gets the next, and so sees
// all that was committed before.
type gathering[T any] struct {
	ask func(ctx context.Context, ids []string) (map[string]T, error)

	mu      sync.Mutex
	running bool
	waiting []*round[T]
}

// round is one query, and its answer when it is done.
type round[T any] struct {
	ids   []string
	done  chan struct{}
	found map[string]T
	err   error
}

// get gives what there is under an id; ok is false when there is nothing. An
// error of a round that was shared is not ours before it shows in one of our own.
func (g *gathering[T]) get(ctx context.Context, id string) (found T, ok bool, err error) {
	r := g.join(id)
	select {
	case <-r.done:
	case <-ctx.Done():
		return found, false, explain(ctx.Err())
	}
	all := r.found
	if r.err != nil {
		ctx, cancel := context.WithTimeout(ctx, roundTime)
		defer cancel()
		if all, err = g.ask(ctx, []string{id}); err != nil {
			return found, false, err
		}
	}
	found, ok = all[id]
	return found, ok, nil
}

// join adds an id to the round that is asked next.
func (g *gathering[T]) join(id string) *round[T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	last := len(g.waiting) - 1
	if last < 0 || len(g.waiting[last].ids) == mostGathered {
		g.waiting = append(g.waiting, &round[T]{ids: make([]string, 0, 8), done: make(chan struct{})})
		last++
	}
	r := g.waiting[last]
	if !slices.Contains(r.ids, id) {
		r.ids = append(r.ids, id)
	}
	if !g.running {
		g.running = true
		go g.run()
	}
	return r
}

// run asks until nobody waits.
func (g *gathering[T]) run() {
	for {
		runtime.Gosched() // whose request is here already may join
		r := g.next()
		if r == nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), roundTime)
		r.found, r.err = g.ask(ctx, r.ids)
		cancel()
		close(r.done)
	}
}

func (g *gathering[T]) next() *round[T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.running = false
		return nil
	}
	r := g.waiting[0]
	g.waiting = g.waiting[1:]
	return r
}
