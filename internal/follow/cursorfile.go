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

// CursorFile is the file in which a follower keeps its cursor. FILE.lock beside it
// keeps a second follower out; FILE.new is the file that replaces it.
type CursorFile struct {
	path   string
	cursor string
	lock   *os.File
}

// OpenCursorFile takes a file for this process alone. One that is empty, or is not
// there yet, is the beginning. A file that cannot be written is an error at once:
// better before the first change than after.
func OpenCursorFile(path string) (*CursorFile, error) {
	path, err := target(path)
	if err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("keep the cursor: %w", err)
	}

	f := &CursorFile{path: path, lock: lock}
	err = f.take()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// target gives the file that a link leads to, which is replaced instead of the link.
func target(path string) (string, error) {
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return path, nil // there is no such file yet, or opening it tells what is wrong
	}

	info, err := os.Stat(resolved)
	if err != nil || info.Mode().IsRegular() {
		return resolved, nil // likewise
	}
	return "", fmt.Errorf("keep the cursor: %s is not a file", resolved)
}

// take locks the file and reads it. The lock is the kernel's, and ends with the process.
func (f *CursorFile) take() error {
	err := syscall.Flock(int(f.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return fmt.Errorf("another process follows with %s", f.path)
	}
	if err != nil {
		return fmt.Errorf("lock %s: %w", f.lock.Name(), err)
	}

	f.cursor, err = readCursor(f.path)
	if err != nil {
		return err
	}
	return f.write(f.cursor)
}

// readCursor refuses a file with other contents, which was meant for something else.
func readCursor(path string) (string, error) {
	const most = 256 // bytes: a cursor and line ends
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("keep the cursor: %w", err)
	}
	defer file.Close() //nolint:errcheck // it is only read

	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return "", fmt.Errorf("keep the cursor: %w", err)
	}

	cursor := strings.TrimSpace(string(text))
	if len(text) > most || cursor != "" && !cursors.MatchString(cursor) {
		return "", fmt.Errorf("%s does not hold a cursor; it is left as it is", path)
	}
	return cursor, nil
}

// Cursor is where to go on; "" is the beginning.
func (f *CursorFile) Cursor() string { return f.cursor }

// Move puts another cursor into the file, if it is another.
func (f *CursorFile) Move(cursor string) error {
	if cursor == "" || cursor == f.cursor {
		return nil
	}

	err := f.write(cursor)
	if err != nil {
		return err
	}
	f.cursor = cursor
	return nil
}

// write replaces the file by a new one that is on disk: there is always one of
// both, and whole. If a power failure brings the older one back, its changes
// come once more, which does no harm.
func (f *CursorFile) write(cursor string) error {
	file, err := os.OpenFile(f.path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep the cursor: %w", err)
	}

	_, err = file.WriteString(cursor + "\n")
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		return fmt.Errorf("keep the cursor: %w", err)
	}

	err = os.Rename(file.Name(), f.path)
	if err != nil {
		return fmt.Errorf("keep the cursor: %w", err)
	}
	return nil
}

// Close lets others have the file.
func (f *CursorFile) Close() error { return f.lock.Close() }
