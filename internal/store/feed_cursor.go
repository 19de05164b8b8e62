// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"time"

	"thalamus/internal/fed"
)

// Cursor is a place in the feed: behind one change, or before all.
//
// A position alone would be the same number in another database, and after a
// recovery to an earlier time this one gives it to another change. So the cursor
// has the tag, too, which the position was given by chance. It is honoured if the
// position still has that tag.
//
// Changes that were cut are superseded by newer ones of their records. A reader that begins
// at the beginning after a cut needs none of them: it is catching up until its position is
// behind the horizon. Any other reader must not miss a change unnoticed: its cursor is
// refused (410) once the horizon has passed it.
type Cursor struct {
	Position   int64 // of the last change before it; 0: before all
	tag        int32
	catchingUp bool
}

const (
	cursorVersion = 1
	cursorSize    = 1 + 1 + 8 + 4
)

var cursorText = base64.RawURLEncoding.Strict()

// String gives the text by which clients know the cursor.
func (c Cursor) String() string { return string(c.append(nil)) }

func (c Cursor) append(text []byte) []byte {
	raw := make([]byte, 2, cursorSize)
	raw[0] = cursorVersion
	if c.catchingUp {
		raw[1] = 1
	}

	raw = binary.BigEndian.AppendUint64(raw, uint64(c.Position))
	raw = binary.BigEndian.AppendUint32(raw, uint32(c.tag))
	return cursorText.AppendEncode(text, raw)
}

// AppendText is encoding.TextAppender's.
func (c Cursor) AppendText(text []byte) ([]byte, error) { return c.append(text), nil }

// ParseCursor reads what String gave. Invalid: it did not.
func ParseCursor(text string) (c Cursor, err error) {
	raw, err := cursorText.DecodeString(text)
	if err != nil || len(raw) != cursorSize || raw[0] != cursorVersion || raw[1] > 1 {
		return c, fed.Errorf(fed.Invalid, "This is not a cursor of the feed.")
	}

	position, tag := binary.BigEndian.Uint64(raw[2:]), binary.BigEndian.Uint32(raw[10:])
	if position > math.MaxInt64 || tag > math.MaxInt32 {
		return c, fed.Errorf(fed.Invalid, "This is not a cursor of the feed.")
	}

	return Cursor{Position: int64(position), tag: int32(tag), catchingUp: raw[1] == 1}, nil
}

// feedState is what decides about a cursor.
type feedState struct {
	end     Cursor
	horizon int64  // up to here, changes may have been cut
	tag     *int32 // that the cursor's position has; nil if that was cut, or never was

	canOnlyRead bool // it is a standby's, and there may be more to come
}

// honours reports whether every change behind the cursor can be given, except those that a
// reader who is catching up does not need.
func (s feedState) honours(c Cursor) bool {
	switch {
	case c.Position == 0:
		return true
	case c.Position < s.horizon && !c.catchingUp:
		return false
	case s.tag != nil:
		return *s.tag == c.tag
	case c.Position == s.end.Position:
		return s.end.tag == c.tag
	}
	return c.catchingUp && c.Position <= s.horizon
}

// refuse gives the reason why changes behind the cursor cannot be given, or nil.
func (s feedState) refuse(c Cursor) error {
	switch {
	case s.honours(c):
		return nil
	case s.canOnlyRead && c.Position > s.end.Position:
		return &fed.Error{
			Kind: fed.Unavailable, Wait: time.Second,
			Msg: "This server has not received all changes before this cursor yet; try again.",
		}
	}
	return errCursorGone
}

var errCursorGone = fed.Errorf(fed.Gone, "This cursor can no longer be honoured: begin again without one.")

// cursorAfter makes the next cursor of a reader who comes from c.
func (s feedState) cursorAfter(c Cursor, position int64, tag int32) Cursor {
	return Cursor{position, tag, (c.Position == 0 || c.catchingUp) && position <= s.horizon}
}
