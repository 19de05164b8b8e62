// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"bytes"
	"net/http"
	"strconv"
	"sync"
)

const (
	fullList    = 32 << 10 // bytes of a list that are collected before they are sent
	knownLength = 2 << 10  // bytes of a reply whose length net/http itself tells
)

// listBuffers are used again: a short list would be the smallest part of what it
// allocates.
var listBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// list is a JSON array on its way to a client.
type list struct {
	out    http.ResponseWriter
	buffer *bytes.Buffer
	began  bool // something was sent
}

// writeList answers with [item,item,...] while each hands the items on, so that
// no long list is ever whole in memory. An error after the first bytes were sent
// cuts the reply off.
func writeList(w http.ResponseWriter, r *http.Request, each func(add func(parts ...[]byte) error) error) error {
	w.Header().Set("Content-Type", jsonType)
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	buffer, _ := listBuffers.Get().(*bytes.Buffer)
	defer func() {
		if buffer.Cap() <= 4*fullList { // not one that grew around a large record
			listBuffers.Put(buffer)
		}
	}()
	buffer.Reset()
	l := &list{out: w, buffer: buffer}
	if err := each(l.add); err != nil {
		return err
	}
	return l.end()
}

func (l *list) add(parts ...[]byte) error {
	separator := byte(',')
	if !l.began && l.buffer.Len() == 0 {
		separator = '['
	}
	l.buffer.WriteByte(separator)
	for _, part := range parts {
		l.buffer.Write(part)
	}
	if l.buffer.Len() < fullList {
		return nil
	}
	if !l.began {
		l.out = paced(l.out)
	}
	return l.send()
}

func (l *list) send() error {
	l.began = true
	_, err := l.buffer.WriteTo(l.out)
	return err
}

// end sends the rest; of a list that is all here, with its length.
func (l *list) end() error {
	if !l.began && l.buffer.Len() == 0 {
		l.buffer.WriteByte('[')
	}
	l.buffer.WriteByte(']')
	if !l.began && l.buffer.Len() > knownLength {
		l.out.Header().Set("Content-Length", strconv.Itoa(l.buffer.Len()))
	}
	return l.send()
}
