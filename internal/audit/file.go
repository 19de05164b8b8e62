// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
)

// File is where the access record goes: a file that is only appended to,
// or standard output. Lines go by write(2), those that come at the same time by one,
// so that they outlive this process and are whole in a file that several share. It
// is not synced: a machine that loses its power may lose the last ones.
type File struct {
	name   string // of the file; "-" for standard output
	broken atomic.Bool

	queue   sync.Mutex // over what follows
	next    *batch     // to which lines are added; nil: none has come
	spare   []byte     // a buffer for the one after it
	writing bool       // somebody writes, and will write next as well

	mu   sync.Mutex // over what follows, while a batch is written
	out  io.Writer
	file *os.File // out, unless that is standard output
	torn bool     // out ends in the middle of a line
}

// Open opens the record. The directory must be there: one that is made by
// mistake would keep lines where nobody looks for them.
func Open(name string, stdout io.Writer) (*File, error) {
	a := &File{name: name, out: stdout}
	if name == "-" {
		// Else the end of a reader ends us, too; so the write fails.
		signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
		return a, nil
	}
	if err := a.open(); err != nil {
		return nil, fmt.Errorf("access.record: %w; its directory must exist, and be writable", err)
	}
	return a, nil
}

// Broken is Recorder's.
func (a *File) Broken() bool { return a.broken.Load() }

// batch is lines that are written together.
type batch struct {
	text []byte
	done chan struct{}
	err  error
}

// Write is Recorder's.
func (a *File) Write(line []byte) (int, error) {
	joined, first := a.join(line)
	if first {
		runtime.Gosched() // whose reply is ready may join
		a.writeNext()
	}
	<-joined.done
	if joined.err != nil {
		return 0, joined.err
	}
	return len(line), nil
}

// join adds a line to the batch that is written next; first says that it is for the
// caller to write it.
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

// writeNext writes the batch that has come. The one that comes meanwhile is not the
// caller's any more, whose reply waits.
func (a *File) writeNext() {
	a.queue.Lock()
	mine := a.next
	a.next, a.writing = nil, mine != nil
	a.queue.Unlock()
	if mine == nil {
		return
	}

	mine.err = a.write(mine.text)
	close(mine.done)

	a.queue.Lock()
	defer a.queue.Unlock()
	if cap(mine.text) <= largeBuffer {
		a.spare = mine.text[:0]
	}
	a.writing = a.next != nil
	if a.writing {
		go a.writeNext()
	}
}

// write appends whole lines. After a failure, and when somebody has deleted the file,
// it is opened again first.
func (a *File) write(text []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.broken.Load() || a.deleted() {
		if err := a.open(); err != nil {
			a.broken.Store(true)
			return err
		}
	}
	if a.torn {
		text = append([]byte("\n"), text...)
	}
	n, err := a.out.Write(text)
	a.torn = n > 0 && n < len(text) || n == 0 && a.torn
	a.broken.Store(err != nil)
	return err
}

// Reopen takes up the file that has the name now: after a rotation, a new one. If
// there can be none, the lines go on to the old one.
func (a *File) Reopen() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.open(); err != nil {
		return fmt.Errorf("access.record: %w", err)
	}
	return nil
}

// Close ends the record.
func (a *File) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.file == nil {
		return nil
	}
	return a.file.Close()
}

// open opens the file, in place of one that is open. The caller holds the lock, or
// is alone.
func (a *File) open() error {
	if a.name == "-" {
		return nil
	}
	file, err := os.OpenFile(a.name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if a.file != nil {
		_ = a.file.Close() // every line was written at once
	}
	a.out, a.file, a.torn = file, file, endsTorn(file)
	return nil
}

// deleted reports whether the file has no name any more: lines would go nowhere.
func (a *File) deleted() bool {
	if a.file == nil {
		return false
	}
	var now syscall.Stat_t
	err := syscall.Fstat(int(a.file.Fd()), &now)
	return err == nil && now.Nlink == 0
}

// endsTorn reports whether a file ends in the middle of a line, as a full disk
// leaves it.
func endsTorn(file *os.File) bool {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return false
	}
	reader, err := os.Open(file.Name())
	if err != nil {
		return false
	}
	last := make([]byte, 1)
	_, err = reader.ReadAt(last, info.Size()-1)
	return errors.Join(err, reader.Close()) == nil && last[0] != '\n'
}
