// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import "runtime"

// batch is lines that are written by one write(2).
type batch struct {
	text []byte
	done chan struct{}
	err  error
}

// Write adds whole lines to the next batch, and returns when it was written.
func (a *File) Write(line []byte) (int, error) {
	joined, first := a.join(line)
	if first {
		runtime.Gosched() // lines of replies that are ready may join
		a.writeNext()
	}

	<-joined.done
	if joined.err != nil {
		return 0, joined.err
	}

	return len(line), nil
}

// join adds a line to the next batch. first says that the caller is to write it.
func (a *File) join(line []byte) (joined *batch, first bool) {
	a.queue.Lock()
	defer a.queue.Unlock()

	if a.next == nil {
		a.next = &batch{text: a.spare, done: make(chan struct{})}
		a.spare = nil
	}

	a.next.text = append(a.next.text, line...)

	first = !a.writing
	a.writing = true
	return a.next, first
}

// writeNext writes the next batch. A goroutine of its own writes the batch that comes
// meanwhile, for the caller's reply waits.
func (a *File) writeNext() {
	written := a.takeNext()
	if written == nil {
		return
	}

	written.err = a.write(written.text)
	close(written.done)

	a.queue.Lock()
	defer a.queue.Unlock()

	if cap(written.text) <= maxReusedBuffer {
		a.spare = written.text[:0]
	}

	a.writing = a.next != nil
	if a.writing {
		go a.writeNext()
	}
}

// takeNext takes the next batch, to which no line can be added from then on; nil: there is
// none.
func (a *File) takeNext() *batch {
	a.queue.Lock()
	defer a.queue.Unlock()

	next := a.next
	a.next, a.writing = nil, next != nil
	return next
}
