// SPDX-License-Identifier: GPL-3.0-or-later

package follow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"
)

// cursors matches a cursor, in a reply and in the file.
var cursors = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

// readPage calls each with every change of a reply, and with the cursor that goes on
// behind it, as soon as the change is there as a whole. It gives the cursor that
// goes on behind the reply. Only one change is in memory at a time.
func readPage(reply io.Reader, each func(change json.RawMessage, cursor string) error) (next string, err error) {
	d := json.NewDecoder(reply)
	err = readItems(d, '{', func() error {
		key, err := d.Token()
		if err != nil {
			return err
		}

		switch key {
		case "changes":
			return readItems(d, '[', func() error { return readChange(d, each) })
		case "next":
			return d.Decode(&next)
		default:
			return d.Decode(new(json.RawMessage))
		}
	})

	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "", errors.New("the reply was cut")
	case err != nil:
		return "", fmt.Errorf("read the reply: %w", err)
	case !cursors.MatchString(next):
		return "", errors.New("the reply does not say where to go on")
	}

	_, _ = io.CopyN(io.Discard, reply, 4<<10) // to its end: the connection is used again then
	return next, nil
}

// readItems goes through an object or an array.
func readItems(d *json.Decoder, opening json.Delim, item func() error) error {
	first, err := d.Token()
	if err != nil {
		return err
	}
	if first != opening {
		return errors.New("it is not a page of the change feed")
	}

	for d.More() {
		err := item()
		if err != nil {
			return err
		}
	}

	_, err = d.Token()
	return err
}

// readChange reads a change. Of its contents only the cursor is looked at.
func readChange(d *json.Decoder, each func(json.RawMessage, string) error) error {
	var change json.RawMessage
	err := d.Decode(&change)
	if err != nil {
		return err
	}

	var its struct{ Cursor string }
	err = json.Unmarshal(change, &its)
	if err != nil || !cursors.MatchString(its.Cursor) {
		return errors.New("a change has no cursor")
	}
	return each(change, its.Cursor)
}

// silenceReader reads a reply. Its timer runs only while it waits for the hub: the time
// that the taker of the changes needs does not count.
type silenceReader struct {
	ctx   context.Context //nolint:containedctx // of this one reply
	reply io.Reader
	timer *time.Timer
}

// Read is io.Reader's.
func (s silenceReader) Read(p []byte) (int, error) {
	s.timer.Reset(silence)
	n, err := s.reply.Read(p)
	s.timer.Stop()

	if err != nil && !errors.Is(err, io.EOF) {
		err = because(s.ctx, err)
	}
	return n, err
}
