// SPDX-License-Identifier: GPL-3.0-or-later

package document

import (
	"context"
	"crypto/sha512"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"syscall"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/limit"
)

// spoolCapacity is the disk space of all spools, in uploads of the largest size. One account has
// a quarter of it at most.
const spoolCapacity = 32

// spool keeps an uploaded document, or the data of a form, in a temporary file without a name. A
// slow client then holds neither memory nor a connection to the database, and the size and the
// hash are known before the database gets the first byte.
type spool struct {
	*os.File
	hold *limit.Hold
	size int64
	sum  []byte // SHA-512
}

// newSpool reads the source into a spool, and refuses one of more than maxSize bytes.
func (in *Inbox) newSpool(r *http.Request, c *gate.Caller, source io.Reader, maxSize int64) (*spool, error) {
	file, err := os.CreateTemp("", "thalamus-document-")
	if err != nil {
		return nil, fmt.Errorf("make a file for a document: %w", diskFull(err))
	}

	s := &spool{File: file, hold: in.budget.Open(c.Account.ID)}
	if err := os.Remove(file.Name()); err != nil {
		return s, fmt.Errorf("hide the file of a document: %w", err)
	}

	sum := sha512.New()
	body := &readErrorKeeper{Reader: io.LimitReader(source, maxSize+1)}
	s.size, err = io.Copy(io.MultiWriter(budgetWriter{r.Context(), s.hold}, file, sum), body)
	s.sum = sum.Sum(nil)

	switch {
	case body.err != nil:
		return s, gate.Unreadable(body.err)
	case err != nil:
		return s, fmt.Errorf("write the file of a document: %w", diskFull(err))
	case s.size > maxSize:
		return s, fed.Errorf(fed.TooLarge, "The document, or what is said about it, is larger than %d bytes.", maxSize)
	}

	return s, s.rewind()
}

func (s *spool) rewind() error {
	_, err := s.Seek(0, io.SeekStart)
	return err
}

// discard deletes the file and gives its disk space back.
func (s *spool) discard() {
	if s == nil {
		return
	}
	_ = s.Close()
	s.hold.Release()
}

// budgetWriter takes disk space from the budget for every byte written.
type budgetWriter struct {
	context.Context //nolint:containedctx // io.Writer has no room for it
	hold            *limit.Hold
}

// Write is io.Writer's.
func (m budgetWriter) Write(p []byte) (int, error) {
	if err := m.hold.Take(m.Context, int64(len(p))); err != nil {
		return 0, spoolFull(err)
	}
	return len(p), nil
}

func spoolFull(err error) error {
	return &fed.Error{Kind: fed.Unavailable, Msg: "Too many documents are on their way in; try again.", Err: err, Wait: gate.MemoryTimeout}
}

// diskFull turns an error of a full disk into Unavailable, and leaves others as they are.
func diskFull(err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return spoolFull(err)
	}
	return err
}

// readErrorKeeper keeps the error of reading, which io.Copy mixes with that of writing.
type readErrorKeeper struct {
	io.Reader
	err error
}

// Read is io.Reader's.
func (c *readErrorKeeper) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}
