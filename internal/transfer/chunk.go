// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
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

// chunk is the records of one transaction.
type chunk struct {
	source    string
	rows      []store.LoadRow
	positions []position // of the rows
	refusals  []Refusal
	arena     arena               // of the rows' bytes
	ids       map[string]struct{} // of the rows, of any resource
	before    *end                // of the chunk before
	waits     bool                // it must not be merged until then
	end       *end
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
	return len(c.rows)+len(c.refusals) >= mostRecords || c.arena.size >= mostBytes
}

// newChunk makes an empty one that follows none.
func newChunk() *chunk {
	none := &end{done: make(chan struct{})}
	close(none.done)
	return &chunk{ids: map[string]struct{}{}, before: none, end: none}
}

// reset makes the chunk ready to be filled again, to follow another one.
func (c *chunk) reset(source string, last *chunk) {
	clear(c.rows)
	clear(c.ids)
	c.arena.reset()

	*c = chunk{source: source, rows: c.rows[:0], positions: c.positions[:0], arena: c.arena, ids: c.ids,
		before: last.end, end: &end{done: make(chan struct{})}}
}

// add takes a row in, which may need one of the chunk before. Of links, those before
// decide which contradict them.
func (c *chunk) add(row store.LoadRow, at position, last *chunk) {
	row.Data, row.Base64 = c.arena.keep(row.Data), c.arena.keep(row.Base64)
	c.rows, c.positions = append(c.rows, row), append(c.positions, at)
	c.ids[row.ID] = struct{}{}

	c.waits = c.waits || row.Resource == fed.Link || last.has(row.ID) ||
		last.has(row.Person) || last.has(record.Upper(row.Person)) || last.has(row.Page)
}

func (c *chunk) has(id string) bool {
	_, there := c.ids[id]
	return there
}
