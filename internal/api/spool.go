// SPDX-License-Identifier: GPL-3.0-or-later

package api

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

// spoolCapacity is how many uploads of the largest size the disk is to have room for. One
// account has a quarter of it at most.
const spoolCapacity = 32

// spool is a part of an upload on its way in, in a file without a name: a slow client
// holds no memory and no connection to the database. Size and hash of a document must
// be known before the database is given the first byte.
type spool struct {
	*os.File
	hold *limit.Hold
	size int64
	sum  []byte // SHA-512
}

// newSpool reads at most so many bytes.
func (h *documents) newSpool(r *http.Request, c *gate.Caller, source io.Reader, most int64) (*spool, error) {
	file, err := os.CreateTemp("", "thalamus-document-")
	if err != nil {
		return nil, fmt.Errorf("make a file for a document: %w", diskFull(err))
	}

	kept := &spool{File: file, hold: h.spoolBudget.Open(c.Account.ID)}
	if err := os.Remove(file.Name()); err != nil {
		return kept, fmt.Errorf("hide the file of a document: %w", err)
	}

	sum := sha512.New()
	taken := &readErrorKeeper{Reader: io.LimitReader(source, most+1)}
	kept.size, err = io.Copy(io.MultiWriter(budgetWriter{r.Context(), kept.hold}, file, sum), taken)
	kept.sum = sum.Sum(nil)

	switch {
	case taken.err != nil:
		return kept, gate.Unreadable(taken.err)
	case err != nil:
		return kept, fmt.Errorf("write the file of a document: %w", diskFull(err))
	case kept.size > most:
		return kept, fed.Errorf(fed.TooLarge, "The document, or what is said about it, is larger than %d bytes.", most)
	}

	return kept, kept.rewind()
}

func (s *spool) rewind() error {
	_, err := s.Seek(0, io.SeekStart)
	return err
}

// discard frees the file's room on the disk.
func (s *spool) discard() {
	if s == nil {
		return
	}
	_ = s.Close()
	s.hold.Release()
}

// budgetWriter takes room on the disk for what is written.
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

// diskFull says that trying again may help, if it may.
func diskFull(err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return spoolFull(err)
	}
	return err
}

// readErrorKeeper remembers what went wrong with reading, to tell it from writing.
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
