// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"io"
)

// loadChunk is about how many bytes a loadReader makes at once.
const loadChunk = 64 << 10

// loadReader gives records in PostgreSQL's binary COPY format. Documents are
// decoded on the way.
type loadReader struct {
	rows  []LoadRow
	next  int
	done  bool
	made  []byte    // made of rows, and not yet read
	bytes io.Reader // of the row before next, to follow made; or nil
	room  []byte
}

// Read is io.Reader's.
func (l *loadReader) Read(p []byte) (n int, err error) {
	for len(l.made) == 0 {
		if l.bytes != nil {
			n, err := l.bytes.Read(p)
			if err == io.EOF { // the decoder's own, without a wrapping
				l.bytes, err = nil, nil
			}

			if n > 0 || err != nil {
				return n, err
			}

			continue
		}

		if l.done {
			return 0, io.EOF
		}

		l.make()
	}

	n = copy(p, l.made)
	l.made = l.made[n:]
	return n, nil
}

// make encodes rows until there is a piece, or a document is to follow.
func (l *loadReader) make() {
	b := l.room[:0]
	if l.next == 0 {
		b = append(b, "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
	}

	for len(b) < loadChunk && l.bytes == nil && !l.done {
		if l.next == len(l.rows) {
			b = append(b, 0xff, 0xff)
			l.done = true
			break
		}

		b = l.appendRow(b, l.rows[l.next])
		l.next++
	}

	l.room, l.made = b, b
}

func (l *loadReader) appendRow(b []byte, r LoadRow) []byte {
	const columns, integer, absent = 7, 4, "\xff\xff\xff\xff"
	b = binary.BigEndian.AppendUint16(b, columns)
	b = appendSize(b, integer)
	b = appendSize(b, l.next)

	for _, text := range []string{string(r.Resource), r.ID, r.Person, r.Page} {
		b = append(appendSize(b, len(text)), text...)
	}

	b = append(appendSize(b, 1+len(r.Data)), 1) // 1: version of binary jsonb
	b = append(b, r.Data...)
	if r.Base64 == nil {
		return append(b, absent...)
	}

	l.bytes = base64.NewDecoder(base64.StdEncoding, bytes.NewReader(r.Base64))
	return appendSize(b, r.Size)
}

func appendSize(b []byte, n int) []byte {
	return binary.BigEndian.AppendUint32(b, uint32(n))
}
