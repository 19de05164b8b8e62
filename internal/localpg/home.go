// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ErrInUse is returned when another server, of this process or another, runs
// in the same directory.
var ErrInUse = errors.New("already in use by another thalamus")

const logName = "postgres.log"

// home is the directory of a server. Holding it means holding its lock.
type home struct {
	dir  string   // absolute, without symbolic links
	root *os.Root // the same
	lock *os.File
}

// openHome makes the directory when absent and locks it.
func openHome(path string) (*home, error) {
	dir, err := makeHome(path)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the data directory: %w", err)
	}

	lock, err := lockIn(root)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", dir, err), root.Close())
	}
	return &home{dir: dir, root: root, lock: lock}, nil
}

func lockIn(root *os.Root) (*os.File, error) {
	lock, err := root.OpenFile("lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}

	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrInUse
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

// makeHome makes the directory when absent, and returns its real path.
func makeHome(path string) (string, error) {
	if path == "" {
		return "", errors.New("no data directory given")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("data directory: %w", err)
	}

	err = os.MkdirAll(filepath.Dir(abs), 0o755) //nolint:gosec // PostgreSQL's user passes through
	if err != nil {
		return "", fmt.Errorf("make the data directory: %w", err)
	}
	err = mkdirForPostgres(abs)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("make the data directory: %w", err)
	}

	resolved, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return "", fmt.Errorf("data directory: %w", err)
	}
	return resolved, checkOwner(resolved)
}

// mkdirForPostgres makes a directory. When root makes it, others may pass through, as
// PostgreSQL will run as one of them; nothing inside is open to them.
func mkdirForPostgres(path string) error {
	err := os.Mkdir(path, 0o700)
	if err != nil || os.Geteuid() != 0 {
		return err
	}
	return os.Chmod(path, 0o711) //nolint:gosec // see above
}

// checkOwner refuses a directory in which another user could plant files.
func checkOwner(dir string) error {
	fi, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	if !fi.IsDir() {
		return fmt.Errorf("%s is not a directory", dir)
	}

	st, ok := fi.Sys().(*syscall.Stat_t)
	if ok && int(st.Uid) != os.Geteuid() {
		return fmt.Errorf("%s belongs to another user", dir)
	}
	if fi.Mode().Perm()&0o002 != 0 {
		return fmt.Errorf("%s is writable by everyone: choose a directory of your own", dir)
	}
	return nil
}

// close removes the socket's directory and unlocks. It unlocks expressly, as a
// child between fork and exec may still have the file open.
func (h *home) close() error {
	err := h.removeSocketDir()
	return errors.Join(err, syscall.Flock(int(h.lock.Fd()), syscall.LOCK_UN), h.lock.Close(), h.root.Close())
}

func (h *home) cluster() string { return filepath.Join(h.dir, "cluster") }

// openLog begins a new log and keeps one old one.
func (h *home) openLog() (*os.File, error) {
	err := h.root.Rename(logName, logName+".old")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("rotate the log in %s: %w", h.dir, err)
	}

	f, err := h.root.OpenFile(logName, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log in %s: %w", h.dir, err)
	}
	return f, nil
}

// withLog adds the last lines of the log to the error.
func (h *home) withLog(err error) error {
	const most = 1 << 10
	log, readErr := h.root.ReadFile(logName)
	if readErr != nil {
		return errors.Join(err, readErr)
	}

	if len(log) > most {
		log = log[len(log)-most:]
		log = log[bytes.IndexByte(log, '\n')+1:]
	}
	return fmt.Errorf("%w; %s ends:\n%s", err, filepath.Join(h.dir, logName), bytes.TrimSpace(log))
}
