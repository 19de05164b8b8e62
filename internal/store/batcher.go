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

// Bounds of a batch.
const (
	maxBatch     = 32 // ids
	batchTimeout = 30 * time.Second
	batchRunTime = 30 * time.Second // of batches that follow one another
)

// batcher batches reads by id: it answers calls that come at the same time with one
// query, which saves work here and in the database. A call that finds no query running
// starts one; a call that arrives during a query joins the next, so it sees everything
// committed before it was made.
type batcher[T any] struct {
	query func(ctx context.Context, ids []string) ([]T, error) // an answer for each, in their order

	mu      sync.Mutex
	running bool
	queue   []*batch[T]

	runs sync.WaitGroup // one, while running
}

// batch is one query, and its answers when it is done.
type batch[T any] struct {
	ids     []string
	done    chan struct{}
	answers []T // as ids
	err     error
}

// get gives what is stored under an id, or a zero T. After an error of a shared batch
// it asks again for this id only: the error may be about another one.
func (b *batcher[T]) get(ctx context.Context, id string) (none T, err error) {
	r, i := b.enqueue(id)
	select {
	case <-r.done:
	case <-ctx.Done():
		return none, classify(ctx.Err())
	}

	if r.err != nil {
		return b.single(ctx, id)
	}

	return r.answers[i], nil
}

// single queries one id, outside of any batch.
func (b *batcher[T]) single(ctx context.Context, id string) (none T, err error) {
	ctx, cancel := context.WithTimeout(ctx, batchTimeout)
	defer cancel()

	found, err := b.query(ctx, []string{id})
	if err != nil {
		return none, err
	}

	return found[0], nil
}

// enqueue adds an id to the batch that is queried next, as its i-th.
func (b *batcher[T]) enqueue(id string) (r *batch[T], i int) {
	b.mu.Lock()
	defer b.mu.Unlock()

	last := len(b.queue) - 1
	if last < 0 || len(b.queue[last].ids) == maxBatch {
		b.queue = append(b.queue, &batch[T]{ids: make([]string, 0, 8), done: make(chan struct{})})
		last++
	}

	r = b.queue[last]
	i = slices.Index(r.ids, id)
	if i < 0 {
		i = len(r.ids)
		r.ids = append(r.ids, id)
	}

	if !b.running {
		b.running = true
		b.runs.Go(b.run)
	}

	return r, i
}

// run queries batch after batch until the queue is empty.
func (b *batcher[T]) run() {
	for b.runSome() {
	}
}

// runSome queries batches for a while, and reports whether there may be more. They share one
// timeout, which is cheaper than one for each; the last still has its full time.
func (b *batcher[T]) runSome() (more bool) {
	ctx, cancel := context.WithTimeout(context.Background(), batchRunTime+batchTimeout)
	defer cancel()

	for begun := time.Now(); time.Since(begun) < batchRunTime; {
		runtime.Gosched() // requests that are here already may join
		r := b.dequeue()
		if r == nil {
			return false
		}

		r.answers, r.err = b.query(ctx, r.ids)
		close(r.done)
	}
	return true
}

func (b *batcher[T]) dequeue() *batch[T] {
	b.mu.Lock()
	defer b.mu.Unlock()

	if len(b.queue) == 0 {
		b.running = false
		return nil
	}

	r := b.queue[0]
	b.queue = b.queue[1:]
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
