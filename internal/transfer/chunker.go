// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"context"
	"errors"
	"io"
	"sync/atomic"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// chunker reads sources into chunks.
type chunker struct {
	im     *Import
	ctx    context.Context //nolint:containedctx // of one Run
	filled chan<- *chunk
	free   <-chan *chunk
	last   *chunk // the chunk before
}

func (r *chunker) readAll(sources []Source) error {
	for _, source := range sources {
		err := r.read(source)
		if err != nil {
			return err
		}
	}
	return nil
}

// read hands on every chunk of a source; the last one also where the source breaks off.
func (r *chunker) read(source Source) error {
	file, err := source.Open()
	if err != nil {
		return err
	}
	defer file.Close()

	records := newSplitter(&countingReader{file, &r.im.Bytes}, r.im.Rules.longest())
	for more := true; more; {
		c := <-r.free
		c.reset(source.Name, r.last)
		more, err = r.fill(c, records)
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
func (r *chunker) fill(c *chunk, records *splitter) (more bool, err error) {
	for !c.full() {
		row, at, err := r.next(records)
		var refused *fed.Error
		switch {
		case errors.As(err, &refused):
			c.refusals = append(c.refusals, refusalAt(c.source, at, refused.Msg))
		case err == io.EOF: //nolint:errorlint // the splitter gives it as it is
			return false, nil
		case err != nil:
			return false, err
		default:
			c.add(row, at, r.last)
		}
	}
	return true, nil
}

// next gives the row of the next record, whose bytes are valid until the next call.
func (r *chunker) next(records *splitter) (row store.LoadRow, at position, err error) {
	text, at, err := records.next()
	if err != nil {
		return row, at, err
	}

	row, err = r.im.Rules.check(text)
	return row, at, err
}

// countingReader counts the bytes that are read.
type countingReader struct {
	io.Reader
	n *atomic.Int64
}

// Read is io.Reader's.
func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}
