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
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Files gives the file of an access record, and the rotated ones that logrotate has made:
// numbered or with a date, compressed or plain, with the extension behind or before that.
// The oldest comes first, as the time on its first line says.
func Files(name string) ([]string, error) {
	if name == StandardOutput {
		return nil, errOnStandardOutput
	}

	files, err := filesOf(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w; is access.record that of the server?", err)
	case err != nil:
		return nil, err
	}
	return sortByTime(files), nil
}

var errOnStandardOutput = errors.New("the access record goes to standard output (access.record); if that is the journal: " +
	"journalctl -u thalamus -o cat | thalamus seen PERSON --file -")

// filesOf gives the files in no order.
func filesOf(name string) ([]string, error) {
	directory, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		return nil, err
	}

	var found []string
	rotated := rotatedNames(filepath.Base(name))
	for _, file := range directory {
		if rotated.MatchString(file.Name()) && !file.IsDir() {
			found = append(found, filepath.Join(filepath.Dir(name), file.Name()))
		}
	}

	found = slices.DeleteFunc(found, func(file string) bool { // one that is being compressed is there twice
		return slices.ContainsFunc(found, func(other string) bool { return isCompressedOf(file, other) })
	})
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: %w", name, os.ErrNotExist)
	}

	return found, nil
}

// recordFile is a file of the record, and what it was when it was listed.
type recordFile struct {
	name string
	info fs.FileInfo
}

// newestFirst gives the regular files of the record, the one that was written last first. There
// may be none.
func newestFirst(name string) (files []recordFile, err error) {
	names, err := filesOf(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}

	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil || !info.Mode().IsRegular() { // or it was renamed just now
			continue
		}
		files = append(files, recordFile{name, info})
	}

	slices.SortStableFunc(files, func(a, b recordFile) int { return b.info.ModTime().Compare(a.info.ModTime()) })
	return files, nil
}

// isUnchanged reports whether a file is the one that had its name before, and has the same lines;
// before may be nil.
func isUnchanged(before, now fs.FileInfo) bool {
	return before != nil && os.SameFile(before, now) && before.Size() == now.Size() && before.ModTime().Equal(now.ModTime())
}

// rotatedNames matches the name of a record's file, and the names that logrotate gives it.
func rotatedNames(base string) *regexp.Regexp {
	const rotation, compression = `[.-][0-9][0-9_-]*`, `(\.[a-z0-9]+)?`
	extension := filepath.Ext(base)
	stem := strings.TrimSuffix(base, extension)

	return regexp.MustCompile(`^(` + regexp.QuoteMeta(base) + `(` + rotation + compression + `)?|` +
		regexp.QuoteMeta(stem) + rotation + regexp.QuoteMeta(extension) + compression + `)$`)
}

// isCompressedOf reports whether a file is another one, compressed.
func isCompressedOf(file, plain string) bool {
	suffix, ok := strings.CutPrefix(file, plain)
	return ok && slices.Contains([]string{".gz", ".bz2", ".xz", ".zst"}, suffix)
}

// sortByTime sorts files by the first line that each has. One without a line, and one that
// cannot be read, come first; ReadFiles reports the latter.
func sortByTime(files []string) []string {
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

// firstTime gives the time of the first line of the record in a text; zero: it has none.
func firstTime(in io.Reader) time.Time {
	_, e, _ := newLineReader(in).firstEntry()
	return e.Time
}

// firstEntry reads to the first line of the record. errNoEntry: there is none.
func (r *lineReader) firstEntry() (line []byte, e Entry, err error) {
	err = r.each(func(text []byte) error {
		read, err := readEntry(text)
		if err != nil {
			return nil //nolint:nilerr // the next one may be
		}

		line, e = text, read
		return errFound
	})

	switch {
	case errors.Is(err, errFound):
		return line, e, nil
	case err != nil:
		return nil, e, err
	}
	return nil, e, errNoEntry
}

// errFound ends a search.
var errFound = errors.New("found")

// open opens a file of the record, compressed or plain.
func open(name string) (io.ReadCloser, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}

	text, err := decompress(bufio.NewReader(file))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), file.Close())
	}

	return struct {
		io.Reader
		io.Closer
	}{text, file}, nil
}

// decompress gives the text of a file, compressed or plain, as its first bytes tell.
func decompress(in *bufio.Reader) (io.Reader, error) {
	const longestMagic = 6
	begin, err := in.Peek(longestMagic)
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
