// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
)

// StandardOutput is the name of a record that goes to standard output; as the name of a file
// to read it is standard input.
const StandardOutput = "-"

// File is where the access record goes: a file that is only appended to, or standard
// output. Lines go by write(2), those that come at the same time by one, so that they
// outlive this process and are whole in a file that several instances share. It is not
// synced: a machine that loses its power may lose the last ones.
type File struct {
	name   string // of the file, or StandardOutput
	broken atomic.Bool

	queue   sync.Mutex // guards the batches
	next    *batch     // to which lines are added; nil: none has come
	spare   []byte     // a buffer for the one after it
	writing bool       // a goroutine writes, and another follows for the next batch

	mu   sync.Mutex // guards the file, while a batch is written
	out  io.Writer
	file *os.File // out, unless that is standard output
	torn bool     // out ends in the middle of a line
}

// Open opens the record. The directory must be there: one that is made by mistake would
// keep lines where nobody looks for them.
func Open(name string, stdout io.Writer) (*File, error) {
	a := &File{name: name, out: stdout}
	if name == StandardOutput {
		// Without this the end of a pipe's reader ends this process; so the write fails.
		signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
		return a, nil
	}

	if err := a.open(); err != nil {
		return nil, fmt.Errorf("access.record: %w; its directory must exist, and be writable", err)
	}

	return a, nil
}

// Indexed reports whether the lines can be found again: they go to a regular file, of which an Index
// copies them.
func (a *File) Indexed() bool {
	a.mu.Lock()
	defer a.mu.Unlock()

	if a.file == nil {
		return false
	}

	info, err := a.file.Stat()
	if err != nil {
		return false
	}
	return info.Mode().IsRegular()
}

// Broken reports whether the last line could not be written.
func (a *File) Broken() bool { return a.broken.Load() }

// write appends whole lines. After a failure, and when somebody has deleted the file, it
// is opened again first.
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
	if n > 0 {
		a.torn = n < len(text)
	}

	a.broken.Store(err != nil)
	return err
}

// Reopen takes up the file that has the name now: after a rotation, a new one. If there
// can be none, the lines go on to the old one.
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

// open opens the file, in place of one that is open. The caller holds the lock, or is
// alone.
func (a *File) open() error {
	if a.name == StandardOutput {
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

// deleted reports whether the file has no name any more: lines would be lost.
func (a *File) deleted() bool {
	if a.file == nil {
		return false
	}

	var now syscall.Stat_t
	if err := syscall.Fstat(int(a.file.Fd()), &now); err != nil {
		return false
	}

	return now.Nlink == 0
}

// endsTorn reports whether a file ends in the middle of a line, as a full disk leaves it.
func endsTorn(file *os.File) bool {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return false
	}

	last, err := byteAt(file.Name(), info.Size()-1)
	if err != nil {
		return false
	}

	return last != '\n'
}

func byteAt(name string, offset int64) (byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return 0, err
	}

	one := make([]byte, 1)
	_, err = file.ReadAt(one, offset)
	return one[0], errors.Join(err, file.Close())
}
