// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"io"
)

// chunk is how many bytes of a document are in memory at once.
const chunk = 512 << 10

// DocumentReader reads the bytes of a stored document piece by piece and holds no
// connection in between, so that slow readers cost little. It is an
// io.ReadSeeker; it may not be used concurrently.
type DocumentReader struct {
	Err error // the end of reading, if not that of the document

	ctx    context.Context //nolint:containedctx // io.Reader has no room for it
	view   View
	key    DocumentKey
	size   int64
	digest []byte
	parts  []Part
	offset int64
	buffer []byte // fetched, and not yet read
}

// Part is a range of a document's bytes, from Start to before End.
type Part struct{ Start, End int64 }

// OpenDocument gives a reader of the bytes that d describes. If no more than these
// parts of them will be read, no more are fetched.
func (v View) OpenDocument(ctx context.Context, key DocumentKey, d Document, parts []Part) *DocumentReader {
	return &DocumentReader{ctx: ctx, view: v, key: key, size: d.Size, digest: d.SHA512, parts: parts}
}

// Read is io.Reader's.
func (c *DocumentReader) Read(p []byte) (int, error) {
	if c.offset >= c.size {
		return 0, io.EOF
	}

	if len(c.buffer) == 0 {
		c.Err = c.fetchChunk()
		if c.Err != nil {
			return 0, c.Err
		}
	}

	n := copy(p, c.buffer)
	c.buffer = c.buffer[n:]
	c.offset += int64(n)
	return n, nil
}

var selectBytes = `SELECT substring(document FROM $4 FOR $5) FROM personal_docs
		WHERE id = $3 AND pol = $2 AND fedacct = $1 AND digest IS NOT DISTINCT FROM $6 AND ` + visible(documentRows, `$7`)

// fetchChunk takes the next piece. It is an error if the document is gone by now, or has
// other bytes under the same id: the reader would get half of each.
func (c *DocumentReader) fetchChunk() error {
	ctx, cancel := context.WithTimeout(c.ctx, pieceTime) // the reply has begun, and nothing else bounds it
	defer cancel()

	err := c.view.db.pool.QueryRow(ctx, selectBytes, c.key.Person, c.key.Page, c.key.ID, c.offset+1, c.chunkSize(), c.digest, askerOf(c.view, c.key.Person)).Scan(&c.buffer)
	if err != nil {
		return notFoundOr(err, noDocument)
	}
	if len(c.buffer) == 0 {
		return io.ErrUnexpectedEOF
	}

	return nil
}

// chunkSize is how many bytes to fetch: of a part, no more than is left of it.
func (c *DocumentReader) chunkSize() int64 {
	for _, part := range c.parts {
		if part.Start <= c.offset && c.offset < part.End {
			return min(chunk, part.End-c.offset)
		}
	}
	return chunk
}

// Seek is io.Seeker's.
func (c *DocumentReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.offset
	case io.SeekEnd:
		offset += c.size
	}

	if offset < 0 {
		return 0, errors.New("seek before the start of a document")
	}

	c.offset, c.buffer = offset, nil
	return offset, nil
}
