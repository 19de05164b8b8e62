// SPDX-License-Identifier: GPL-3.0-or-later

package bulk

import (
	"bufio"
	"errors"
	"os"

	"thalamus/internal/fhir/resource"
)

// file has resources of one type, one on each line, or is the manifest.
type file struct {
	*os.File
	out   *bufio.Writer
	line  []byte // the last one
	count int
}

func newFile(path string) (*file, error) {
	made, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	return &file{File: made, out: bufio.NewWriterSize(made, 256<<10)}, nil
}

func (f *file) write(one resource.Resource) error {
	f.line = append(one.JSON(f.line[:0]), '\n')
	f.count++
	_, err := f.out.Write(f.line)
	return err
}

// keep has the file on the disk, and closes it.
func (f *file) keep() error {
	err := f.out.Flush()
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// discard removes the file, which may be closed.
func (f *file) discard() error {
	_ = f.Close()
	return os.Remove(f.Name())
}
