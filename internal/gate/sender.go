// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"net/http"
	"time"

	"thalamus/internal/task"
)

const forever = time.Duration(math.MaxInt64)

// sender writes pieces of a reply one after another, beside a goroutine that collects
// them. Until it has ended nobody else may use the writer.
type sender struct {
	out    http.ResponseWriter
	pieces chan *bytes.Buffer // unbuffered: a piece is taken when the one before has gone out
	work   *task.Task
	ended  bool
	err    error // of a write; pieces after it are dropped
}

// startSender begins the reply in the caller's goroutine, and writes in another.
func startSender(out http.ResponseWriter) *sender {
	out.WriteHeader(http.StatusOK)
	s := &sender{out: out, pieces: make(chan *bytes.Buffer)}
	s.work = task.Start(context.Background(), s.run)
	return s
}

func (s *sender) run(context.Context) {
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

// send hands over a piece, unless the one before is still being written at the timeout.
func (s *sender) send(piece *bytes.Buffer, timeout time.Duration) bool {
	select {
	case s.pieces <- piece:
		return true
	default:
	}
	if timeout == 0 {
		return false
	}

	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case s.pieces <- piece:
		return true
	case <-timer.C:
		return false
	}
}

// wait returns when everything has gone out, or with the error of a write. The empty piece
// is taken when the last one was written.
func (s *sender) wait() error {
	s.pieces <- newListBuffer()
	return s.err
}

// end is wait for the last time. It may be called again.
func (s *sender) end() error {
	if s.ended {
		return s.err
	}

	s.ended = true
	close(s.pieces)
	s.work.Wait()
	return s.err
}
