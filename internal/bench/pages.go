// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strings"
)

// newPages gives requests that each put a new page into the next of the books.
func (l login) newPages(owners ...string) generator {
	return func(connection int) func() request {
		q, i := l.request(http.MethodPost, "", ""), connection*131
		return func() request {
			i++
			id := newUUID()
			book, page := owners[i%len(owners)], string(id[:])
			q.path = "/pols/" + book + "/" + page
			q.body = strings.NewReplacer(noBook, book, noPage, page).Replace(pageText)
			return q
		}
	}
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
