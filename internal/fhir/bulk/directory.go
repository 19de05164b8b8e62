// SPDX-License-Identifier: GPL-3.0-or-later

package bulk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"thalamus/internal/fhir/resource"
)

// directory is one that only its owner can read. Until it is whole it lies under another name beside its own,
// and is locked.
type directory struct {
	name  string // that it will have
	path  string // where it lies
	lock  *os.File
	files map[string]*file // by the type of their resources
}

// newDirectory makes one, and removes those that exports to the same name have left when they were killed.
func newDirectory(name string) (*directory, error) {
	name, err := vacant(name)
	if err != nil {
		return nil, err
	}
	if err := removeBroken(name); err != nil {
		return nil, err
	}

	path, err := os.MkdirTemp(filepath.Dir(name), partPrefix(name)) // readable for the owner only
	if err != nil {
		return nil, err
	}
	lock, err := lockDirectory(path)
	if err != nil {
		return nil, errors.Join(err, os.Remove(path))
	}
	return &directory{name: name, path: path, lock: lock, files: map[string]*file{}}, nil
}

// vacant gives the whole name of a directory, behind links. It refuses one in which something is.
func vacant(name string) (string, error) {
	name, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}

	there, err := filepath.EvalSymlinks(name)
	if errors.Is(err, fs.ErrNotExist) {
		return name, nil
	}
	if err != nil {
		return "", err
	}

	entries, err := os.ReadDir(there)
	if err != nil {
		return "", err
	}
	if len(entries) > 0 {
		return "", fmt.Errorf("%s is not empty; name a directory that is, or is not there yet", name)
	}
	return there, nil
}

// partPrefix begins the name of a directory that is not whole.
func partPrefix(name string) string { return "." + filepath.Base(name) + "-part-" }

// removeBroken removes what nobody fills any more of directories that should have had this name.
func removeBroken(name string) error {
	parent := filepath.Dir(name)
	entries, err := os.ReadDir(parent)
	if err != nil {
		return err
	}

	for _, entry := range entries {
		if !entry.IsDir() || !strings.HasPrefix(entry.Name(), partPrefix(name)) {
			continue
		}

		path := filepath.Join(parent, entry.Name())
		lock, err := lockDirectory(path)
		if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, fs.ErrNotExist) {
			continue // it is being filled, or has become whole
		}
		if err != nil {
			return err
		}
		if err := errors.Join(os.RemoveAll(path), lock.Close()); err != nil {
			return err
		}
	}
	return nil
}

// lockDirectory locks a directory. The lock is the kernel's, and ends with the process.
func lockDirectory(path string) (*os.File, error) {
	lock, err := os.Open(path)
	if err != nil {
		return nil, err
	}

	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), lock.Close())
	}
	return lock, nil
}

// write adds a resource to the file of its type.
func (d *directory) write(one resource.Resource) error {
	f := d.files[one.Type]
	if f == nil {
		made, err := newFile(filepath.Join(d.path, one.Type+".ndjson"))
		if err != nil {
			return err
		}
		f, d.files[one.Type] = made, made
	}
	return f.write(one)
}

// keep writes the manifest, and gives the directory its name.
func (d *directory) keep(at time.Time) error {
	for _, f := range d.files {
		if err := f.keep(); err != nil {
			return err
		}
	}
	if err := d.writeManifest(at); err != nil {
		return err
	}
	if err := syscall.Rename(d.path, d.name); err != nil { // os.Rename replaces no directory, be it empty
		return &os.LinkError{Op: "rename", Old: d.path, New: d.name, Err: err}
	}
	return d.lock.Close()
}

// empty removes the files.
func (d *directory) empty() error {
	var faults []error
	for kind, f := range d.files {
		faults = append(faults, f.discard())
		delete(d.files, kind)
	}
	return errors.Join(faults...)
}

// discard removes the directory.
func (d *directory) discard() error {
	return errors.Join(d.empty(), os.RemoveAll(d.path), d.lock.Close())
}
