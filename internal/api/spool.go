// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"crypto/sha512"
	"fmt"
	"io"
	"os"

	"thalamus/internal/fed"
)

// spool is a document on its way in, in a file without a name: its size and hash
// must be known before the database is given the first byte.
type spool struct {
	*os.File
	size int64
	sum  []byte // SHA-512
}

// spoolOf reads a document of 1 to limit bytes.
func spoolOf(source io.Reader, limit int64) (*spool, error) {
	file, err := os.CreateTemp("", "thalamus-document-")
	if err != nil {
		return nil, fmt.Errorf("make a file for a document: %w", err)
	}
	s := &spool{File: file}
	if err := os.Remove(file.Name()); err != nil {
		return s, fmt.Errorf("hide the file of a document: %w", err)
	}
	sum := sha512.New()
	taken := &noticing{Reader: io.LimitReader(source, limit+1)}
	s.size, err = io.Copy(io.MultiWriter(file, sum), taken)
	s.sum = sum.Sum(nil)
	switch {
	case taken.err != nil:
		return s, unreadable(taken.err)
	case err != nil:
		return s, fmt.Errorf("write the file of a document: %w", err)
	case s.size > limit:
		return s, fed.Errorf(fed.TooLarge, "The document is larger than %d bytes.", limit)
	case s.size == 0:
		return s, fed.Errorf(fed.Invalid, "The document is empty.")
	}
	_, err = file.Seek(0, io.SeekStart)
	return s, err
}

// drop frees the file's room on the disk.
func (s *spool) drop() { _ = s.Close() }

// noticing remembers what went wrong with reading, to tell it from writing.
type noticing struct {
	io.Reader
	err error
}

// Read is io.Reader's.
func (c *noticing) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}
