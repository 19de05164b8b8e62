// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"bytes"
	"fmt"
	"math"
	"net/http"
	"time"
)

const forever = time.Duration(math.MaxInt64)

// sender writes pieces of a reply one after another, beside a goroutine that collects
// them. Until it has ended nobody else may use the writer.
type sender struct {
	out    http.ResponseWriter
	pieces chan *bytes.Buffer // without room: a piece is taken when the one before has gone out
	done   chan struct{}
	ended  bool
	err    error // of a write; what comes after it is dropped
}

// startSender begins the reply here, so that only writing is left to be done beside.
func startSender(out http.ResponseWriter) *sender {
	out.WriteHeader(http.StatusOK)
	s := &sender{out: out, pieces: make(chan *bytes.Buffer), done: make(chan struct{})}
	go s.run()
	return s
}

func (s *sender) run() {
	defer close(s.done)
	for piece := range s.pieces {
		if s.err == nil && piece.Len() > 0 {
			s.err = s.write(piece)
		}
		reuseBuffer(piece)
	}
}

func (s *sender) write(piece *bytes.Buffer) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v", fault)
		}
	}()
	_, err = piece.WriteTo(s.out)
	return err
}

// send hands over a piece, unless the one before is still being written after so long.
func (s *sender) send(piece *bytes.Buffer, patience time.Duration) bool {
	select {
	case s.pieces <- piece:
		return true
	default:
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case s.pieces <- piece:
		return true
	case <-timer.C:
		return false
	}
}

// wait returns when everything has gone out, with the error that ended that. An empty
// piece is taken when the last one was written.
func (s *sender) wait() error {
	s.pieces <- newListBuffer()
	return s.err
}

// end is wait for the last time. It may be called again.
func (s *sender) end() error {
	if !s.ended {
		s.ended = true
		close(s.pieces)
		<-s.done
	}
	return s.err
}
