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

// cursors is what a cursor looks like, in a reply and in the file.
var cursors = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

// read calls each with every change of a reply, and with the cursor that goes on
// behind it, as soon as the change is there as a whole. It gives the cursor that
// goes on behind the reply. Only one change is in memory at a time.
func read(reply io.Reader, each func(change json.RawMessage, cursor string) error) (next string, err error) {
	d := json.NewDecoder(reply)
	err = list(d, '{', func() error {
		switch key, err := d.Token(); {
		case err != nil:
			return err
		case key == "changes":
			return list(d, '[', func() error { return one(d, each) })
		case key == "next":
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

// list goes through an object or an array.
func list(d *json.Decoder, opening json.Delim, item func() error) error {
	first, err := d.Token()
	if err != nil {
		return err
	}
	if first != opening {
		return errors.New("it is not a page of the change feed")
	}
	for d.More() {
		if err := item(); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// one reads a change. Of its contents only the cursor is looked at.
func one(d *json.Decoder, each func(json.RawMessage, string) error) error {
	var change json.RawMessage
	var its struct{ Cursor string }
	if err := d.Decode(&change); err != nil {
		return err
	}
	if err := json.Unmarshal(change, &its); err != nil || !cursors.MatchString(its.Cursor) {
		return errors.New("a change has no cursor")
	}
	return each(change, its.Cursor)
}

// listener reads a reply, and winds the timer up while it waits for the hub; the
// time that others need for what was read does not count.
type listener struct {
	ctx   context.Context //nolint:containedctx // of this one reply
	reply io.Reader
	timer *time.Timer
}

func (l listener) Read(p []byte) (int, error) {
	l.timer.Reset(silence)
	n, err := l.reply.Read(p)
	l.timer.Stop()
	if err != nil && !errors.Is(err, io.EOF) {
		err = because(l.ctx, err)
	}
	return n, err
}
