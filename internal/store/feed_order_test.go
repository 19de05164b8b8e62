// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/testdb"
)

// rounds is how often writers overlap: go test ./internal/store -run Overlapping -args -rounds=1000.
var rounds = flag.Int("rounds", 12, "rounds of the overlapping writers")

// Every reader sees every committed change once, a record's changes in their order, and a
// page after its person, in whatever order transactions commit.
func TestOverlappingWritersLeaveNoChangeOutAndNoneTwice(t *testing.T) {
	t.Parallel()
	o := newOrder(t)
	for round := range *rounds {
		o.round(round)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
}

// order is a database with writers who say what they have committed, and readers.
type order struct {
	t         *testing.T
	mu        sync.Mutex
	committed map[string]bool // resource/id/version
	stack     []*orderWriter  // commit in the opposite order of their writes
	rivals    []*orderWriter  // write the same records
	long      *orderWriter    // stays open for several rounds
	erasers   []*orderWriter  // publish after they have written
	plain     []*pgx.Conn     // only publish
	readers   []*orderReader
}

func newOrder(t *testing.T) *order {
	t.Helper()
	url := testdb.New(t).URL
	o := &order{t: t, committed: map[string]bool{}}
	writer := func(i int) *orderWriter {
		return &orderWriter{order: o, conn: testdb.Connect(t, url), random: rand.New(rand.NewPCG(1, uint64(i)))}
	}
	for i := range 4 {
		o.stack = append(o.stack, writer(i))
	}
	for i := range 3 {
		o.rivals = append(o.rivals, writer(10+i))
	}
	o.long, o.erasers = writer(20), []*orderWriter{writer(21)}
	for range 2 {
		o.plain = append(o.plain, testdb.Connect(t, url))
		o.readers = append(o.readers, &orderReader{conn: testdb.Connect(t, url), seen: map[string]bool{}, last: map[string]int64{}})
	}
	return o
}

// round lets everybody work, publishes what is left, and compares.
func (o *order) round(n int) {
	done := make(chan struct{})
	var writers, others sync.WaitGroup
	run := func(group *sync.WaitGroup, work func() error) {
		group.Go(func() {
			if err := work(); err != nil {
				o.t.Error(err)
			}
		})
	}
	run(&writers, func() error { return o.writeStack(n) })
	run(&writers, func() error { return o.writeLong(n) })
	for _, w := range o.rivals {
		run(&writers, func() error { return w.rival(n) })
	}
	for _, w := range o.erasers {
		run(&writers, func() error { return w.erase(n) })
	}
	for _, conn := range o.plain {
		run(&others, func() error { return until(done, func() error { return publishOnce(o.t.Context(), conn) }) })
	}
	for _, r := range o.readers {
		run(&others, func() error { return until(done, func() error { _, err := r.page(o.t.Context()); return err }) })
	}
	writers.Wait()
	close(done)
	others.Wait()
	o.compare()
}

// until repeats what is to be done while others work.
func until(done <-chan struct{}, work func() error) error {
	for {
		select {
		case <-done:
			return nil
		default:
			if err := work(); err != nil {
				return err
			}
		}
	}
}

func publishOnce(ctx context.Context, conn *pgx.Conn) error {
	var n int
	return conn.QueryRow(ctx, `SELECT thalamus_publish()`).Scan(&n)
}

// compare lets the readers come to the end and holds what they saw against what
// was committed.
func (o *order) compare() {
	if err := publishOnce(o.t.Context(), o.plain[0]); err != nil {
		o.t.Error(err)
		return
	}
	for i, r := range o.readers {
		for n := 1; n > 0; {
			var err error
			if n, err = r.page(o.t.Context()); err != nil {
				o.t.Error(err)
				return
			}
		}
		for key := range o.committed {
			if !r.seen[key] {
				o.t.Errorf("reader %d missed %s", i, key)
			}
		}
		for key := range r.seen {
			if !o.committed[key] {
				o.t.Errorf("reader %d saw %s, which nobody committed", i, key)
			}
		}
	}
}

// writeStack opens transactions one after another and ends them in the opposite order.
func (o *order) writeStack(n int) error {
	ctx := o.t.Context()
	for i, w := range o.stack {
		person := fmt.Sprintf("r%d-%d", n, i)
		if err := errors.Join(w.do(ctx, `BEGIN`), w.insert(ctx, "person", person), w.insert(ctx, "page", person+"-p"),
			w.update(ctx, "page", person+"-p"), w.do(ctx, `SAVEPOINT s`)); err != nil {
			return err
		}
		kept := len(w.pending)
		if err := errors.Join(w.insert(ctx, "page", person+"-q"), w.update(ctx, "page", person+"-p"), w.do(ctx, `ROLLBACK TO s`)); err != nil {
			return err
		}
		w.pending = w.pending[:kept]
		if err := w.update(ctx, "person", person); err != nil {
			return err
		}
	}
	for i := len(o.stack) - 1; i >= 0; i-- {
		if err := o.stack[i].end(ctx, (n+i)%4 != 3); err != nil {
			return err
		}
	}
	return nil
}

// writeLong adds to a transaction that ends only in every fifth round, or the last.
func (o *order) writeLong(n int) error {
	ctx, w := o.t.Context(), o.long
	if n%5 == 0 {
		if err := w.do(ctx, `BEGIN`); err != nil {
			return err
		}
	}
	for i := range 5 {
		if err := w.insert(ctx, "unit", fmt.Sprintf("long%d-%d", n, i)); err != nil {
			return err
		}
	}
	if n%5 == 4 || n+1 == *rounds {
		return w.end(ctx, n%10 != 9)
	}
	return nil
}
