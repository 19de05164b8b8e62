// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"thalamus/internal/command"
	"thalamus/internal/transfer"
)

const (
	mostPrintedRefusals = 20
	mostReasons         = 1000 // that are counted apart
)

// refusals tells the first ones in full, counts the others by reason, and writes
// all to a file if there is one.
type refusals struct {
	out     io.Writer
	file    *os.File
	all     *bufio.Writer
	printed int
	reasons map[string]int
}

// newRefusals writes to the file of this name, if it has one and is none of those that
// are read.
func newRefusals(name string, read []string) (*refusals, error) {
	r := &refusals{reasons: map[string]int{}}
	if name == "" {
		r.all = bufio.NewWriter(io.Discard)
		return r, nil
	}
	if slices.ContainsFunc(read, func(other string) bool { return sameFile(name, other) }) {
		return nil, command.UsageError("--report " + name + " would overwrite what is to be imported")
	}

	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}

	r.file, r.all = file, bufio.NewWriter(file)
	return r, nil
}

func (r *refusals) take(refused transfer.Refusal) {
	line := refused.String() + "\n"
	_, _ = r.all.WriteString(line) // close tells of errors
	if r.printed < mostPrintedRefusals {
		r.printed++
		fmt.Fprint(r.out, line)
		return
	}

	reason := refused.Reason
	if _, known := r.reasons[reason]; !known && len(r.reasons) == mostReasons {
		reason = "other reasons"
	}

	r.reasons[reason]++
}

// rest tells how many there were besides the ones that were printed.
func (r *refusals) rest() {
	byNumber := slices.SortedFunc(maps.Keys(r.reasons), func(a, b string) int {
		return cmp.Or(r.reasons[b]-r.reasons[a], cmp.Compare(a, b))
	})
	for _, reason := range byNumber {
		fmt.Fprintf(r.out, "and %d more: %s\n", r.reasons[reason], reason)
	}
}

func (r *refusals) close() error {
	if r.file == nil {
		return nil
	}
	return errors.Join(r.all.Flush(), r.file.Close())
}

// sameFile reports whether two names are those of one file.
func sameFile(one, other string) bool {
	a, err := os.Stat(one)
	if err != nil {
		return false
	}
	b, err := os.Stat(other)
	return err == nil && os.SameFile(a, b)
}
