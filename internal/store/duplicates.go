// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"cmp"
	"context"
	"math"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/match"
	"thalamus/internal/pg"
	"thalamus/internal/task"
)

// Pair is two persons who are probably one. Person is the smaller id, in the
// order of bytes.
type Pair struct {
	Person, Other string
	match.Result
}

// DuplicatesPart is a part of the pairs that Duplicates finds.
type DuplicatesPart struct {
	Pairs    []Pair
	Position string  // Duplicates goes on from here
	Done     float64 // the part of the work that is done, up to 1
}

// Bounds of what is in memory at once.
const (
	batchPersons     = 4000   // persons
	maxBlockPersons  = 20_000 // persons of a block; of more, each part for itself
	maxQueuedBatches = 4
)

// Duplicates finds all pairs of persons who are probably one, each once, and hands
// them on in parts. It compares persons who share a block, see blockings: each kind of
// block takes one sorted reading of all persons, and little memory. It begins behind
// position, which an earlier part told; "": at the beginning. When the connection is lost
// it goes on with another state of the database, behind the last batch.
func (v View) Duplicates(ctx context.Context, position string, take func(DuplicatesPart) error) error {
	from, err := parseBlockPosition(position)
	if err != nil {
		return err
	}

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	queue := make(chan *blockBatch, maxQueuedBatches)
	taking := task.Start(ctx, func(context.Context) {
		for b := range queue {
			b.comparing.Wait()
			if err := b.handOn(ctx, take); err != nil {
				cancel(err)
			}
		}
	})

	r := blockReader{db: v.db, ctx: ctx, queue: queue, sent: from}
	err = retryLost(ctx, func() error {
		return v.db.pool.Read(ctx, blockReading, func(tx pgx.Tx) error { return pg.Final(r.resume(tx)) })
	})

	close(queue)
	taking.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}

	return classify(err)
}

// blockReading reads one state of the database, so that frequent names and persons fit
// together. Sorting takes memory.
var blockReading = pgx.TxOptions{
	BeginQuery: snapshot.BeginQuery + `; SET LOCAL work_mem = '64MB'; SET LOCAL plan_cache_mode = force_custom_plan`,
}

// blockBatch is some blocks whose persons are compared while the next ones are read.
type blockBatch struct {
	frequencies *match.Frequencies
	blocks      []block
	persons     int
	end         blockPosition
	found       []Pair
	err         error
	comparing   *task.Task
}

func (b *blockBatch) handOn(ctx context.Context, take func(DuplicatesPart) error) error {
	if err := cmp.Or(ctx.Err(), b.err); err != nil {
		return classify(err)
	}
	return take(DuplicatesPart{b.found, b.end.String(), b.end.done()})
}

// compare finds the pairs of the batch.
func (b *blockBatch) compare(ctx context.Context, db *DB) {
	var pairs []Pair
	for _, block := range b.blocks {
		prepared := make([]match.Person, len(block.persons))
		for i := range block.persons {
			prepared[i] = block.persons[i].prepare(b.frequencies)
		}

		b.frequencies.Pairs(ctx, prepared, func(i, j int, r match.Result) {
			if one, other := &block.persons[i], &block.persons[j]; block.isFirstShared(one, other, b.frequencies) {
				pairs = append(pairs, Pair{one.id, other.id, r})
			}
		})
	}

	b.err = retryLost(ctx, func() (err error) {
		b.found, err = withoutSettled(ctx, db.pool, pairs)
		return err
	})
}

// blockReader reads blocks, sorted, and has each batch of them compared.
type blockReader struct {
	db          *DB
	ctx         context.Context //nolint:containedctx // of one reading
	frequencies *match.Frequencies
	frequent    frequent
	queue       chan<- *blockBatch
	batch       *blockBatch
	end, sent   blockPosition // the last that was read, and that was sent
}

// resume reads the blocks that have not been sent yet. It reads the frequencies once:
// the blocks depend on them.
func (r *blockReader) resume(tx pgx.Tx) error {
	if r.frequencies == nil {
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

// begin reads the frequencies, and fails if they differ from those of the position where
// it goes on.
func (r *blockReader) begin(tx pgx.Tx) error {
	among, _, err := frequencies(r.ctx, tx)
	if err != nil {
		return err
	}

	r.frequencies, r.frequent = among, frequentIn(among)
	if r.sent != firstBlockPosition && r.sent.sum != r.frequent.sum {
		return fed.Errorf(fed.Invalid, "other names or dates are frequent now than when that list ended, so that parts of both are not the whole; begin anew")
	}

	return nil
}

func (r *blockReader) read(tx pgx.Tx, kind int, from blockPosition) error {
	r.batch = r.newBatch()
	r.end = blockPosition{kind: kind, key: math.MinInt64}
	var key int64
	var mark string
	var one person
	rows, _ := tx.Query(r.ctx, blockingQuery(kind), pgx.NamedArgs{
		"key": from.key, "id": from.id,
		"words": r.frequent.words, "births": r.frequent.births,
	})

	_, err := pgx.ForEachRow(rows, append([]any{&key, &mark}, one.fields()...), func() error {
		r.add(blockPosition{kind: kind, key: key, id: one.id}, mark, one)
		return r.ctx.Err()
	})
	if err != nil {
		return err
	}

	r.end = blockPosition{kind: kind + 1, key: math.MinInt64}
	r.send()
	return nil
}

// add adds a person to the block, or begins another one.
func (r *blockReader) add(at blockPosition, mark string, one person) {
	if r.end.key != at.key || len(r.batch.blocks) == 0 {
		if r.batch.persons >= batchPersons {
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
	if len(last.persons) == maxBlockPersons {
		r.send()
	}
}

// send starts the comparison of the batch, and begins another one.
func (r *blockReader) send() {
	b := r.batch
	b.end = r.end
	b.end.sum = r.frequent.sum
	r.sent = b.end
	r.batch = r.newBatch()
	b.comparing = task.Start(r.ctx, func(ctx context.Context) { b.compare(ctx, r.db) })
	r.queue <- b
}

func (r *blockReader) newBatch() *blockBatch {
	return &blockBatch{frequencies: r.frequencies}
}
