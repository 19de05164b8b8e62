// SPDX-License-Identifier: GPL-3.0-or-later

package follow

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Place is the file in which a follower keeps its cursor. FILE.lock beside it
// keeps a second follower out; FILE.new is what it is replaced by.
type Place struct {
	path   string
	cursor string
	lock   *os.File
}

// OpenPlace takes a file for this process alone. One that is empty, or is not
// there yet, is the beginning. That it can be written is tried at once: better
// before the first change than after.
func OpenPlace(path string) (*Place, error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // which the new one shall replace, instead of the link
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("keep the cursor: %s is not a file", path)
	}
	lock, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // whoever runs us says which
	if err != nil {
		return nil, fmt.Errorf("keep the cursor: %w", err)
	}
	p := &Place{path: path, lock: lock}
	if err := p.take(); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// take locks the file and reads it. The lock is the kernel's, and ends with the process.
func (p *Place) take() error {
	if err := syscall.Flock(int(p.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return fmt.Errorf("another process follows with %s", p.path)
		}
		return fmt.Errorf("lock %s: %w", p.lock.Name(), err)
	}
	cursor, err := stored(p.path)
	if err != nil {
		return err
	}
	p.cursor = cursor
	return p.store(cursor)
}

// stored reads a cursor. What is not one was meant for something else.
func stored(path string) (string, error) {
	const most = 256           // bytes: a cursor and line ends
	file, err := os.Open(path) //nolint:gosec // whoever runs us says which
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("keep the cursor: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err = errors.Join(err, file.Close()); err != nil {
		return "", fmt.Errorf("keep the cursor: %w", err)
	}
	cursor := strings.TrimSpace(string(text))
	if len(text) > most || cursor != "" && !cursors.MatchString(cursor) {
		return "", fmt.Errorf("%s does not hold a cursor; it is left as it is", path)
	}
	return cursor, nil
}

// Cursor is where to go on; "" is the beginning.
func (p *Place) Cursor() string { return p.cursor }

// Move puts another cursor into the file, if it is another.
func (p *Place) Move(cursor string) error {
	if cursor == "" || cursor == p.cursor {
		return nil
	}
	if err := p.store(cursor); err != nil {
		return err
	}
	p.cursor = cursor
	return nil
}

// store replaces the file by a new one that is on disk: there is always one of
// both, and whole. If a power failure brings the older one back, its changes
// come once more, which does no harm.
func (p *Place) store(cursor string) error {
	file, err := os.OpenFile(p.path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep the cursor: %w", err)
	}
	_, err = file.WriteString(cursor + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), p.path)
	}
	if err != nil {
		return fmt.Errorf("keep the cursor: %w", err)
	}
	return nil
}

// Close lets others have the file.
func (p *Place) Close() error { return p.lock.Close() }
