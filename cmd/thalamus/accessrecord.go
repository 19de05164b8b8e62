// SPDX-License-Identifier: GPL-3.0-or-later

package main

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

// accessRecord is where the access record goes: a file that is only appended to,
// or standard output. Each line is one write(2), so that it outlives this process
// and is whole in a file that several share. It is not synced: a machine that
// loses its power may lose the last ones.
type accessRecord struct {
	name   string // of the file; "-" for standard output
	broken atomic.Bool

	mu   sync.Mutex
	out  io.Writer
	file *os.File // out, unless that is standard output
	torn bool     // out ends in the middle of a line
}

// openRecord opens the record. The directory must be there: one that is made by
// mistake would keep lines where nobody looks for them.
func openRecord(name string, stdout io.Writer) (*accessRecord, error) {
	a := &accessRecord{name: name, out: stdout}
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

// Broken is api.Recorder's.
func (a *accessRecord) Broken() bool { return a.broken.Load() }

// Write is api.Recorder's. After a failure, and when somebody has deleted the file,
// it is opened again first.
func (a *accessRecord) Write(line []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.broken.Load() || a.deleted() {
		if err := a.open(); err != nil {
			a.broken.Store(true)
			return 0, err
		}
	}
	if a.torn {
		line = append([]byte("\n"), line...)
	}
	n, err := a.out.Write(line)
	a.torn = n > 0 && n < len(line) || n == 0 && a.torn
	a.broken.Store(err != nil)
	return n, err
}

// reopen takes up the file that has the name now: after a rotation, a new one. If
// there can be none, the lines go on to the old one.
func (a *accessRecord) reopen() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.open(); err != nil {
		return fmt.Errorf("access.record: %w", err)
	}
	return nil
}

// Close ends the record.
func (a *accessRecord) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.file == nil {
		return nil
	}
	return a.file.Close()
}

// open opens the file, in place of one that is open. The caller holds the lock, or
// is alone.
func (a *accessRecord) open() error {
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
func (a *accessRecord) deleted() bool {
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
