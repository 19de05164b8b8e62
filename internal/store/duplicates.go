// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"cmp"
	"context"
	"math"
	"sync"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/match"
	"thalamus/internal/pg"
)

// Pair is two persons who are probably one. Person is the smaller id, in the
// order of bytes.
type Pair struct {
	Person, Other string
	match.Result
}

// Found is a part of what Duplicates finds.
type Found struct {
	Pairs []Pair
	Place string  // Duplicates goes on from here
	Done  float64 // the part of the work that is done, up to 1
}

// Bounds of what is in memory at once.
const (
	fullBatch  = 4000   // persons
	largeBlock = 20_000 // persons of a block; of more, each part for itself
	batches    = 4
)

// Duplicates finds all pairs of persons who are probably one, each once, and hands
// them on in parts. Persons are compared who share a block, see blockings; that
// takes one sorted reading of all persons for each of them, and little memory. It
// begins behind place, a Found's; or at the beginning if that is empty. When the
// connection is lost it goes on with another state of the database, behind the last batch.
func (v View) Duplicates(ctx context.Context, place string, take func(Found) error) error {
	from, err := readPlace(place)
	if err != nil {
		return err
	}

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	queue := make(chan *batch, batches)
	var taking sync.WaitGroup
	taking.Go(func() {
		for b := range queue {
			<-b.compared
			if err := b.handOn(ctx, take); err != nil {
				cancel(err)
			}
		}
	})

	r := blockReader{db: v.db, ctx: ctx, queue: queue, sent: from}
	err = untilAnswered(ctx, func() error {
		return v.db.pool.Read(ctx, blockReading, func(tx pgx.Tx) error { return pg.Final(r.readOn(tx)) })
	})

	close(queue)
	taking.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}

	return explain(err)
}

// blockReading is one state of the database, in which frequent names and persons
// fit together. Sorting takes memory.
var blockReading = pgx.TxOptions{
	BeginQuery: snapshot.BeginQuery + `; SET LOCAL work_mem = '64MB'; SET LOCAL plan_cache_mode = force_custom_plan`,
}

// batch is some blocks whose persons are compared beside the reading.
type batch struct {
	population *match.Frequencies
	blocks     []block
	persons    int
	end        place
	found      []Pair
	err        error
	compared   chan struct{}
}

func (b *batch) handOn(ctx context.Context, take func(Found) error) error {
	if err := cmp.Or(ctx.Err(), b.err); err != nil {
		return explain(err)
	}
	return take(Found{b.found, b.end.String(), b.end.done()})
}

// compare finds the pairs of the batch.
func (b *batch) compare(ctx context.Context, db *DB) {
	defer close(b.compared)

	var pairs []Pair
	for _, block := range b.blocks {
		prepared := make([]match.Person, len(block.persons))
		for i := range block.persons {
			prepared[i] = block.persons[i].prepare(b.population)
		}

		b.population.Pairs(ctx, prepared, func(i, j int, r match.Result) {
			if one, other := &block.persons[i], &block.persons[j]; block.owns(one, other, b.population) {
				pairs = append(pairs, Pair{one.id, other.id, r})
			}
		})
	}

	b.err = untilAnswered(ctx, func() (err error) {
		b.found, err = unsettled(ctx, db.pool, pairs)
		return err
	})
}

// blockReader reads blocks, sorted, and has each batch of them compared.
type blockReader struct {
	db         *DB
	ctx        context.Context //nolint:containedctx // of one reading
	population *match.Frequencies
	frequent   frequent
	queue      chan<- *batch
	batch      *batch
	end, sent  place // the last that was read, and that was sent
}

// readOn reads what has not been sent yet. Which names and dates are frequent it asks once:
// the blocks depend on that.
func (r *blockReader) readOn(tx pgx.Tx) error {
	if r.population == nil {
		if err := r.begin(tx); err != nil {
			return err
		}
	}

	for r.sent.kind < len(blockings) {
		if err := r.read(tx, r.sent.kind, r.sent); err != nil {
			return err
		}
	}

	return nil
}

// begin finds out what is frequent, and whether that is as it was where it goes on.
func (r *blockReader) begin(tx pgx.Tx) error {
	among, err := population(r.ctx, tx)
	if err != nil {
		return err
	}

	r.population, r.frequent = among, frequentAmong(among)
	if r.sent != beginning && r.sent.sum != r.frequent.sum {
		return fed.Errorf(fed.Invalid, "other names or dates are frequent now than when that list ended, so that parts of both are not the whole; begin anew")
	}

	return nil
}

func (r *blockReader) read(tx pgx.Tx, kind int, from place) error {
	r.batch = r.newBatch()
	r.end = place{kind: kind, key: math.MinInt64}
	var key int64
	var mark string
	var one person
	rows, _ := tx.Query(r.ctx, blocksQuery(kind), pgx.NamedArgs{
		"key": from.key, "id": from.id,
		"words": r.frequent.words, "births": r.frequent.births,
	})

	_, err := pgx.ForEachRow(rows, append([]any{&key, &mark}, one.fields()...), func() error {
		r.add(place{kind: kind, key: key, id: one.id}, mark, one)
		return r.ctx.Err()
	})
	if err != nil {
		return err
	}

	r.end = place{kind: kind + 1, key: math.MinInt64}
	r.send()
	return nil
}

// add takes a person into the block, or begins another one.
func (r *blockReader) add(at place, mark string, one person) {
	if r.end.key != at.key || len(r.batch.blocks) == 0 {
		if r.batch.persons >= fullBatch {
			r.send()
		}
		r.batch.blocks = append(r.batch.blocks, block{kind: at.kind, mark: mark})
	} else if r.end.id == at.id {
		return // the same word twice
	}

	last := &r.batch.blocks[len(r.batch.blocks)-1]
	last.persons = append(last.persons, one)
	r.batch.persons++
	r.end = at
	if len(last.persons) == largeBlock {
		r.send()
	}
}

// send has the batch compared, and begins another one.
func (r *blockReader) send() {
	b := r.batch
	b.end = r.end
	b.end.sum = r.frequent.sum
	r.sent = b.end
	r.batch = r.newBatch()
	r.queue <- b
	go b.compare(r.ctx, r.db)
}

func (r *blockReader) newBatch() *batch {
	return &batch{population: r.population, compared: make(chan struct{})}
}
