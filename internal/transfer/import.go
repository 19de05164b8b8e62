// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// Bounds of a chunk, which is loaded in one transaction. The larger, the fewer
// commits; the smaller, the less memory, and the less is done again after a restart.
const (
	mostRecords = 10_000
	mostBytes   = 4 << 20
)

// Source is a file to be imported.
type Source struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Refusal tells why a record was not imported, and nothing of what it says.
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

// Tally counts what became of records.
type Tally struct {
	Created map[fed.Resource]int // by resource
	Present int                  // there already
	Odd     int                  // persons who were created with an odd "active", and cannot log in
	Refused int
}

// Import loads records into a database. What it has loaded stays when it is
// interrupted; importing the same again goes on from there.
type Import struct {
	DB     *store.DB
	Rules  Rules
	Report func(Refusal) // called in the order of the files

	Bytes   atomic.Int64 // read so far
	Records atomic.Int64 // settled so far
}

// chunk is what is loaded in one transaction.
type chunk struct {
	source   string
	rows     []store.LoadRow
	spots    []spot // of the rows
	refusals []Refusal
	room     room                // that the rows' bytes are in
	names    map[string]struct{} // ids of the rows, of any resource
	before   *end                // of the chunk before
	waits    bool                // it must not be merged until then
	end      *end
}

// end is that of a chunk.
type end struct {
	done chan struct{} // closed when it is settled, or has failed
	err  error
}

func (e *end) wait() error {
	<-e.done
	return e.err
}

func (c *chunk) full() bool {
	return len(c.rows)+len(c.refusals) >= mostRecords || c.room.size >= mostBytes
}

// newChunk makes an empty one that follows none.
func newChunk() *chunk {
	none := &end{done: make(chan struct{})}
	close(none.done)
	return &chunk{names: map[string]struct{}{}, before: none, end: none}
}

// reset makes the chunk ready to be filled again, to follow another one.
func (c *chunk) reset(source string, last *chunk) {
	clear(c.rows)
	clear(c.names)
	c.room.empty()
	*c = chunk{source: source, rows: c.rows[:0], spots: c.spots[:0], room: c.room, names: c.names,
		before: last.end, end: &end{done: make(chan struct{})}}
}

// add takes a row in, which may need one of the chunk before. Of links, those before
// decide which contradict them.
func (c *chunk) add(row store.LoadRow, at spot, last *chunk) {
	c.rows, c.spots = append(c.rows, row), append(c.spots, at)
	c.names[row.ID] = struct{}{}
	c.waits = c.waits || row.Resource == fed.Link || last.has(row.ID) ||
		last.has(row.Person) || last.has(record.Upper(row.Person)) || last.has(row.Page)
}

func (c *chunk) has(id string) bool {
	_, there := c.names[id]
	return there
}

// loaders is how many chunks are on their way. Two that follow one another are
// merged at once, unless one has the same ids as the other, or what belongs to them.
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
				if err := im.load(ctx, c, &tally); err != nil {
					cancel(err)
				}
				free <- c
			}
		})
	}
	err := im.readAll(ctx, sources, filled, free)
	close(filled)
	running.Wait()
	if cause := context.Cause(ctx); cause != nil {
		err = cause
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
	fates, err := im.DB.Load(ctx, c.rows, turn)
	_ = c.before.wait() // what was stored is told of, whatever became of the one before
	if c.end.err = err; err == nil {
		im.settle(c, fates, tally)
	}
	return err
}

func refusalAt(source string, at spot, reason string) Refusal {
	return Refusal{Source: source, Line: at.line, Record: at.record, Reason: reason}
}

// settle counts and reports, in the order of records; whose turn it is calls it.
func (im *Import) settle(c *chunk, fates []store.Fate, tally *Tally) {
	refused := c.refusals
	report := func(r Refusal) {
		tally.Refused++
		im.Report(r)
	}
	for i, fate := range fates {
		for len(refused) > 0 && refused[0].Record < c.spots[i].record {
			report(refused[0])
			refused = refused[1:]
		}
		switch fate.Kind {
		case store.Created:
			tally.Created[c.rows[i].Resource]++
			if c.rows[i].Odd {
				tally.Odd++
			}
		case store.Present:
			tally.Present++
		case store.Refused:
			report(refusalAt(c.source, c.spots[i], fate.Reason))
		}
	}
	for _, r := range refused {
		report(r)
	}
	im.Records.Add(int64(len(c.rows) + len(c.refusals)))
}

func (im *Import) readAll(ctx context.Context, sources []Source, filled chan<- *chunk, free <-chan *chunk) error {
	r := reader{im: im, ctx: ctx, filled: filled, free: free, last: newChunk()}
	for _, source := range sources {
		if err := r.read(source); err != nil {
			return err
		}
	}
	return nil
}

// reader fills chunks.
type reader struct {
	im     *Import
	ctx    context.Context //nolint:containedctx // of one Run
	filled chan<- *chunk
	free   <-chan *chunk
	last   *chunk // the chunk before
}

func (r *reader) read(source Source) error {
	file, err := source.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	all := newRecords(&counting{file, &r.im.Bytes}, r.im.Rules.longest())
	for more := true; more; {
		c := <-r.free
		c.reset(source.Name, r.last)
		more, err = r.fill(c, all)
		r.last = c
		select {
		case r.filled <- c:
		case <-r.ctx.Done():
			return r.ctx.Err()
		}
	}
	return err
}

// fill reads records into a chunk until it is full; more is false behind the last.
func (r *reader) fill(c *chunk, all *records) (more bool, err error) {
	for !c.full() {
		text, at, err := all.next()
		var refused *fed.Error
		row := store.LoadRow{}
		if err == nil {
			row, err = r.im.Rules.check(text)
		}
		switch {
		case errors.As(err, &refused):
			c.refusals = append(c.refusals, refusalAt(c.source, at, refused.Msg))
		case err == io.EOF: //nolint:errorlint // records give it as it is
			return false, nil
		case err != nil:
			return false, err
		default:
			row.Data, row.Base64 = c.room.keep(row.Data), c.room.keep(row.Base64)
			c.add(row, at, r.last)
		}
	}
	return true, nil
}

// counting counts what is read.
type counting struct {
	io.Reader
	n *atomic.Int64
}

// Read is io.Reader's.
func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}
