// SPDX-License-Identifier: GPL-3.0-or-later

// Package transfer moves a federation's records from files into the database and
// back. Nothing in it holds more than a few records' worth of memory.
package transfer

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// Source is a file to be imported.
type Source struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Refusal tells why a record was not imported, and nothing of its content.
type Refusal struct {
	Source string
	Line   int // on which the record begins
	Record int // its number in the source, from 1
	Reason string
}

// String names the record by its line, and by its number unless that is the same.
func (r Refusal) String() string {
	if r.Record == r.Line {
		return fmt.Sprintf("%s:%d: %s", r.Source, r.Line, r.Reason)
	}
	return fmt.Sprintf("%s:%d: record %d: %s", r.Source, r.Line, r.Record, r.Reason)
}

// Tally counts the outcomes of records.
type Tally struct {
	Created map[fed.Resource]int // by resource
	Present int                  // there already
	Odd     int                  // persons created with an odd "active", who cannot log in
	Refused int
}

// Import loads records into a database. Records that it has loaded stay when it is
// interrupted; importing the same files again goes on from there.
type Import struct {
	DB     *store.DB
	Rules  Rules
	Report func(Refusal) // called in the order of the files

	Bytes   atomic.Int64 // read so far
	Records atomic.Int64 // settled so far
}

// loaders is how many chunks are on their way. Two that follow one another are
// merged at once, unless the second has ids of the first, or records that belong to them.
const loaders = 2

// Run imports the sources one after another. The tally is right, and all was
// reported, also after an error.
func (im *Import) Run(ctx context.Context, sources []Source) (Tally, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	filled, free := make(chan *chunk), make(chan *chunk, loaders+1)
	for range cap(free) {
		free <- newChunk()
	}

	tally := Tally{Created: map[fed.Resource]int{}}
	var running sync.WaitGroup
	for range loaders {
		running.Go(func() {
			for c := range filled {
				err := im.load(ctx, c, &tally)
				if err != nil {
					cancel(err)
				}
				free <- c
			}
		})
	}

	r := chunker{im: im, ctx: ctx, filled: filled, free: free, last: newChunk()}
	err := r.readAll(sources)
	close(filled)
	running.Wait()

	cause := context.Cause(ctx)
	if cause != nil {
		return tally, cause
	}
	return tally, err
}

// load loads a chunk, and settles it after the one before.
func (im *Import) load(ctx context.Context, c *chunk, tally *Tally) error {
	defer close(c.end.done)
	turn := func() error {
		if !c.waits {
			return nil
		}
		return c.before.wait()
	}

	results, err := im.DB.Load(ctx, c.rows, turn)
	_ = c.before.wait() // stored rows are reported even where the chunk before has failed
	c.end.err = err
	if err != nil {
		return err
	}

	im.settle(c, results, tally)
	return nil
}

func refusalAt(source string, at position, reason string) Refusal {
	return Refusal{Source: source, Line: at.line, Record: at.record, Reason: reason}
}

// settle counts and reports, in the order of records. The chunk before is settled by then.
func (im *Import) settle(c *chunk, results []store.LoadResult, tally *Tally) {
	refused := c.refusals
	report := func(r Refusal) {
		tally.Refused++
		im.Report(r)
	}

	for i, result := range results {
		for len(refused) > 0 && refused[0].Record < c.positions[i].record {
			report(refused[0])
			refused = refused[1:]
		}

		switch result.Kind {
		case store.LoadCreated:
			tally.Created[c.rows[i].Resource]++
			if c.rows[i].Odd {
				tally.Odd++
			}
		case store.LoadPresent:
			tally.Present++
		case store.LoadRefused:
			report(refusalAt(c.source, c.positions[i], result.Reason))
		}
	}

	for _, r := range refused {
		report(r)
	}
	im.Records.Add(int64(len(c.rows) + len(c.refusals)))
}
