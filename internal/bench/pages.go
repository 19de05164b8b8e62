// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
)

// newPages gives requests that each put a new page into the next of the books.
func (l login) newPages(owners ...string) generator {
	return func(connection int) func() []byte {
		s, i := newStencil(l.request("POST", "/pols/"+noBook+"/"+noPage, pageText)), connection*131
		return func() []byte {
			i++
			return s.fill(owners[i%len(owners)], newUUID())
		}
	}
}

// stencil is a request for a new page in which book and page are replaced in
// place: making each anew would take the servers' time.
type stencil struct {
	text         []byte
	books, pages []int // where they are
}

func newStencil(text []byte) stencil {
	return stencil{text, places(text, noBook), places(text, noPage)}
}

func places(text []byte, word string) (at []int) {
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte(word))
		if i < 0 {
			return at
		}
		at = append(at, from+i)
		from += i + len(word)
	}
}

func (s stencil) fill(book string, page [36]byte) []byte {
	for _, i := range s.books {
		copy(s.text[i:], book)
	}
	for _, i := range s.pages {
		copy(s.text[i:], page[:])
	}
	return s.text
}

// newUUID gives a random page id, as phones make them.
func newUUID() (text [36]byte) {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	at := 0
	for i, part := range [][]byte{b[:4], b[4:6], b[6:8], b[8:10], b[10:]} {
		if i > 0 {
			text[at] = '-'
			at++
		}
		at += hex.Encode(text[at:], part)
	}
	return text
}
