// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"io"
)

// chunk is how many bytes of a document are in memory at once.
const chunk = 512 << 10

// Content reads the bytes of a stored document piece by piece and holds no
// connection in between, so that slow readers cost little. It is an
// io.ReadSeeker; it may not be used concurrently.
type Content struct {
	Err error // what ended reading, if not the end of the document

	ctx    context.Context //nolint:containedctx // io.Reader has no room for it
	db     *DB
	key    DocumentKey
	size   int64
	offset int64
	piece  []byte // what was fetched and not yet read
}

// OpenDocument gives a reader of the bytes that d describes.
func (db *DB) OpenDocument(ctx context.Context, key DocumentKey, d Document) *Content {
	return &Content{ctx: ctx, db: db, key: key, size: d.Size}
}

// Read is io.Reader's.
func (c *Content) Read(p []byte) (int, error) {
	if c.offset >= c.size {
		return 0, io.EOF
	}
	if len(c.piece) == 0 {
		if c.Err = c.fetch(); c.Err != nil {
			return 0, c.Err
		}
	}
	n := copy(p, c.piece)
	c.piece = c.piece[n:]
	c.offset += int64(n)
	return n, nil
}

// fetch takes the next piece. A document that is gone or cut by now is an error.
func (c *Content) fetch() error {
	const q = `SELECT substring(document FROM $4 FOR $5) FROM personal_docs WHERE id = $3 AND pol = $2 AND fedacct = $1`
	err := c.db.pool.QueryRow(c.ctx, q, c.key.Person, c.key.Page, c.key.ID, c.offset+1, chunk).Scan(&c.piece)
	if err == nil && len(c.piece) == 0 {
		return io.ErrUnexpectedEOF
	}
	return missing(err, noDocument)
}

// Seek is io.Seeker's.
func (c *Content) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.offset
	case io.SeekEnd:
		offset += c.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the start of a document")
	}
	c.offset, c.piece = offset, nil
	return offset, nil
}
