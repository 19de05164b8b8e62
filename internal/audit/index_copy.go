// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"os"
	"time"

	"thalamus/internal/pg"
	"thalamus/internal/store"
)

// pieceBytes is how much text one transaction copies: some thousand lines.
const pieceBytes = 256 << 10

// errOvertaken says that another server has copied the same lines meanwhile.
var errOvertaken = errors.New("copied by another server")

// unreadableError is an error of a file, and not of the database.
type unreadableError struct{ error }

// copyFile copies what the index does not have of a file. The name is used once: a rotation may give
// it to another file at any time.
func (f *follower) copyFile(ctx context.Context, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return unreadableUnlessGone(err)
	}
	defer func() { _ = file.Close() }() // it is only read

	key, err := f.keyOf(file)
	if errors.Is(err, errNoEntry) { // there is nothing to copy yet
		return nil
	}
	if err != nil {
		return unreadableError{err}
	}

	position, complete, err := f.index.db.AccessCopied(ctx, key)
	if err != nil || complete {
		return err
	}

	compressed, err := f.rewind(file, position)
	if err != nil {
		return unreadableError{err}
	}
	return f.copyRest(ctx, key, compressed)
}

func unreadableUnlessGone(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return err
	}
	return unreadableError{err}
}

// keyOf gives the hash of the first line of the record in a file. errNoEntry: there is none.
func (f *follower) keyOf(file *os.File) ([]byte, error) {
	if _, err := f.rewind(file, 0); err != nil {
		return nil, err
	}

	line, _, err := f.lines.firstEntry()
	key := sha256.Sum256(line)
	return key[:], err
}

// rewind has the lines of a file read from a position of its text on.
func (f *follower) rewind(file *os.File, position int64) (compressed bool, err error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return false, err
	}

	packed := bufio.NewReader(file)
	text, err := decompress(packed)
	if err != nil {
		return false, err
	}

	compressed = text != io.Reader(packed)
	if compressed {
		_, err = io.CopyN(io.Discard, text, position)
	} else {
		_, err = file.Seek(position, io.SeekStart)
		text = file
	}

	f.lines.reset(text, position)
	return compressed, err
}

// copyRest copies the rest of the lines, piece by piece. It leaves the database to others for as long
// as it has kept it busy.
func (f *follower) copyRest(ctx context.Context, key []byte, compressed bool) error {
	for {
		piece, more, err := f.readPiece(compressed)
		if err != nil {
			return unreadableError{err}
		}
		if piece.Ends == piece.Begins && !piece.Complete {
			return nil
		}

		begun := time.Now()
		piece.File = key
		copied, err := f.index.db.CopyAccess(ctx, piece)
		switch {
		case err != nil:
			return err
		case !copied:
			return errOvertaken
		case !more:
			return nil
		}

		pg.Pause(ctx, time.Since(begun))
	}
}

// readPiece reads the next lines. What stands behind the last end of a line is left for later, for its
// writer may go on; nobody writes to a compressed file.
func (f *follower) readPiece(compressed bool) (piece store.AccessPiece, more bool, err error) {
	begins := f.lines.offset
	piece = store.AccessPiece{Begins: begins, Ends: begins}
	for f.lines.offset-begins < pieceBytes {
		line, err := f.lines.next()
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended {
			return piece, false, err
		}

		if f.lines.ended || compressed {
			piece.Ends = f.lines.offset
			piece.Lines = appendIndexed(piece.Lines, line)
		}
		if ended {
			piece.Complete = compressed
			return piece, false, nil
		}
	}
	return piece, true, nil
}

// appendIndexed appends a line as the index has it. One that is broken is left out.
func appendIndexed(lines []store.AccessLine, line []byte) []store.AccessLine {
	e, err := readEntry(line)
	if err != nil {
		return lines
	}
	return append(lines, e.indexed())
}

// indexed is the line as the index has it. An older version wrote lists that do not name their
// persons: they may be anybody.
func (e *Entry) indexed() store.AccessLine {
	var persons []string
	_ = json.Unmarshal(e.Persons, &persons) // none, or a text, names none

	return store.AccessLine{
		Time: e.Time, Account: e.Account, Roles: e.Roles, Method: e.Method, Endpoint: e.Endpoint,
		Person: e.Person, Persons: persons, Everybody: e.ofEverybody() || e.unnamed(),
		Page: e.Page, Document: e.Document, Status: e.Status, Request: e.Request, Address: e.Address,
		Purpose: e.Purpose, Emergency: e.Emergency,
	}
}
