// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// Bounds of a round.
const (
	mostGathered = 32 // ids
	roundTime    = 30 * time.Second
	runTime      = 30 * time.Second // of rounds that follow one another
)

// gathering answers who asks at the same time with one query, which takes a good
// part of the work from the database and from us. Who asks while no query is
// under way is not kept waiting; who asks during one gets the next, and so sees
// all that was committed before.
type gathering[T any] struct {
	ask func(ctx context.Context, ids []string) ([]T, error) // an answer for each, in their order

	mu      sync.Mutex
	running bool
	waiting []*round[T]
}

// round is one query, and its answer when it is done.
type round[T any] struct {
	ids   []string
	done  chan struct{}
	found []T // as ids
	err   error
}

// get gives what there is under an id, or a zero T. An error of a round that was
// shared is not ours before it shows in one of our own.
func (g *gathering[T]) get(ctx context.Context, id string) (nothing T, err error) {
	r, i := g.join(id)
	select {
	case <-r.done:
	case <-ctx.Done():
		return nothing, explain(ctx.Err())
	}

	if r.err != nil {
		return g.alone(ctx, id)
	}

	return r.found[i], nil
}

// alone asks for one id only.
func (g *gathering[T]) alone(ctx context.Context, id string) (nothing T, err error) {
	ctx, cancel := context.WithTimeout(ctx, roundTime)
	defer cancel()

	found, err := g.ask(ctx, []string{id})
	if err != nil {
		return nothing, err
	}

	return found[0], nil
}

// join adds an id to the round that is asked next, as its i-th.
func (g *gathering[T]) join(id string) (r *round[T], i int) {
	g.mu.Lock()
	defer g.mu.Unlock()

	last := len(g.waiting) - 1
	if last < 0 || len(g.waiting[last].ids) == mostGathered {
		g.waiting = append(g.waiting, &round[T]{ids: make([]string, 0, 8), done: make(chan struct{})})
		last++
	}

	r = g.waiting[last]
	i = slices.Index(r.ids, id)
	if i < 0 {
		i = len(r.ids)
		r.ids = append(r.ids, id)
	}

	if !g.running {
		g.running = true
		go g.run()
	}

	return r, i
}

// run asks until nobody waits. Its rounds share one limit of time, which is cheaper
// than one for each, and so it hands over before a round would have less than its own.
func (g *gathering[T]) run() {
	ctx, cancel := context.WithTimeout(context.Background(), runTime+roundTime)
	defer cancel()

	for begun := time.Now(); time.Since(begun) < runTime; {
		runtime.Gosched() // whose request is here already may join
		r := g.next()
		if r == nil {
			return
		}

		r.found, r.err = g.ask(ctx, r.ids)
		close(r.done)
	}

	go g.run()
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

var inArray = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// textArray writes texts as PostgreSQL reads an array of them: pgx would look for the
// way to write one text anew for each.
func textArray(texts []string) string {
	var b strings.Builder
	for i, text := range texts {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteByte('"')
		_, _ = inArray.WriteString(&b, text)
		b.WriteByte('"')
	}

	b.WriteByte('}')
	return b.String()
}
