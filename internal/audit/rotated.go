// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// longestLine is the most bytes of a line that is read: some thirty times what is written.
const longestLine = 1 << 20

// Files gives the file of a record, and what logrotate has made of it: numbered or with a
// date, packed or not, with the extension behind or before that. The oldest comes first, as
// the time on its first line says.
func Files(name string) ([]string, error) {
	there, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		return nil, err
	}
	base := filepath.Base(name)
	stem, extension := strings.TrimSuffix(base, filepath.Ext(base)), filepath.Ext(base)
	const turn, packed = `[.-][0-9][0-9_-]*`, `(\.[a-z0-9]+)?`
	rotated := regexp.MustCompile(`^(` + regexp.QuoteMeta(base) + `(` + turn + packed + `)?|` +
		regexp.QuoteMeta(stem) + turn + regexp.QuoteMeta(extension) + packed + `)$`)

	var found []string
	for _, file := range there {
		if rotated.MatchString(file.Name()) && !file.IsDir() {
			found = append(found, filepath.Join(filepath.Dir(name), file.Name()))
		}
	}
	found = slices.DeleteFunc(found, func(file string) bool { // one that is being packed is there twice
		return slices.ContainsFunc(found, func(other string) bool { return isPackedOf(file, other) })
	})
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: %w", name, os.ErrNotExist)
	}
	return byTime(found), nil
}

// isPackedOf reports whether a file is another one, packed.
func isPackedOf(file, plain string) bool {
	suffix, ok := strings.CutPrefix(file, plain)
	return ok && slices.Contains([]string{".gz", ".bz2", ".xz", ".zst"}, suffix)
}

// byTime sorts files by the first line that each has. One that has none, or cannot be read,
// comes first: who reads them all is told.
func byTime(files []string) []string {
	begins := map[string]time.Time{}
	for _, file := range files {
		in, err := open(file)
		if err != nil {
			continue
		}
		begins[file] = firstTime(in)
		_ = in.Close() // it was only read
	}
	slices.SortStableFunc(files, func(a, b string) int { return begins[a].Compare(begins[b]) })
	return files
}

func firstTime(in io.Reader) (first time.Time) {
	_ = eachLine(in, func(line []byte) error {
		e, err := readEntry(line)
		if err != nil {
			return nil //nolint:nilerr // the next one may have a time
		}
		first = e.Time
		return io.EOF
	})
	return first
}

// open opens a file of the record, packed or not.
func open(name string) (io.ReadCloser, error) {
	file, err := os.Open(name) //nolint:gosec // the administrator names it
	if err != nil {
		return nil, err
	}
	text, err := unpack(bufio.NewReader(file))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), file.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{text, file}, nil
}

// unpack gives what was packed, as its first bytes tell.
func unpack(in *bufio.Reader) (io.Reader, error) {
	const enough = 6
	begin, err := in.Peek(enough)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(begin, []byte("\x1f\x8b")):
		return gzip.NewReader(in)
	case bytes.HasPrefix(begin, []byte("BZh")):
		return bzip2.NewReader(in), nil
	case bytes.HasPrefix(begin, []byte("\xfd7zXZ")), bytes.HasPrefix(begin, []byte("\x28\xb5\x2f\xfd")):
		return nil, errors.New("this is packed by xz or zstd: unpack it first")
	}
	return in, nil
}

// eachLine hands on lines without their ends until take gives an error, or the text
// ends. One that is too long is handed on as nil.
func eachLine(in io.Reader, take func(line []byte) error) error {
	lines := bufio.NewReaderSize(in, longestLine)
	for {
		line, err := lines.ReadSlice('\n')
		ended := errors.Is(err, io.EOF)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			line, err = nil, skipLine(lines)
		case ended && len(line) == 0:
			return nil
		case ended:
			err = nil
		}
		if err == nil {
			err = take(bytes.TrimSuffix(line, []byte("\n")))
		}
		if err != nil || ended {
			return err
		}
	}
}

// skipLine reads to the end of a line.
func skipLine(lines *bufio.Reader) error {
	for {
		_, err := lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}
