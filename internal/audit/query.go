// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"thalamus/internal/fed"
)

// reorderWindow is how many entries wait for earlier ones: instances that share a file, and
// one that goes on in a rotated file for a moment, write lines a little out of order.
const reorderWindow = 1000

// Access is one access of an account to a person, given or refused.
type Access struct {
	Entry
	Way fed.AccessWay
}

// Query finds the accesses to a person in an access record. It is for one use.
type Query struct {
	Persons []string             // spellings of the id, each of which counts
	From    time.Time            // nothing before; zero: from the beginning on
	Take    func([]Access) error // is given some at a time, in the order of their times

	Began   time.Time // the earliest time of the record; zero: it is empty
	Skipped int       // lines that are broken, or not of the record
	Unnamed int       // lists of persons that do not name the persons

	quoted  [][]byte
	pending []Access
}

// Read reads files of the record, or standard input where they are that, and delivers all
// that is found.
func (q *Query) Read(files []string, stdin io.Reader) error {
	if slices.Equal(files, []string{StandardOutput}) {
		return errors.Join(q.Scan(stdin), q.Flush())
	}
	return errors.Join(q.ReadFiles(files), q.Flush())
}

// ReadFiles reads files of the record, in this order. Other files are read after one that
// cannot be read to its end.
func (q *Query) ReadFiles(files []string) error {
	var unread []error
	for _, file := range files {
		err := q.readFile(file)

		var taking takeError
		if errors.As(err, &taking) {
			return taking.error
		}

		if err != nil {
			unread = append(unread, err)
		}
	}

	return errors.Join(unread...)
}

func (q *Query) readFile(file string) error {
	in, err := open(file)
	if err != nil {
		return err
	}

	defer in.Close()

	if err := q.Scan(in); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}

	return nil
}

// takeError is an error of Take.
type takeError struct{ error }

// Scan reads a part of the record.
func (q *Query) Scan(in io.Reader) error {
	q.quotePersons()

	return eachLine(in, func(line []byte) error {
		e, err := readEntry(line)
		if err != nil {
			q.Skipped++
			return nil //nolint:nilerr // it was counted
		}
		return q.add(e)
	})
}

// quotePersons makes the ids as lines have them.
func (q *Query) quotePersons() {
	if q.quoted != nil {
		return
	}

	for i, person := range q.Persons {
		quoted := appendText(nil, person)
		_ = json.Unmarshal(quoted, &q.Persons[i]) // which appendText has made; a long one is cut
		q.quoted = append(q.quoted, quoted)
	}
}

// add takes in an entry, if it is about the person.
func (q *Query) add(e Entry) error {
	if q.Began.IsZero() || e.Time.Before(q.Began) {
		q.Began = e.Time
	}

	if e.Time.Before(q.From) {
		return nil
	}

	way := q.way(&e)
	if way == "" {
		return nil
	}

	e.Persons = nil // which may be long
	q.pending = append(q.pending, Access{e, way})
	if len(q.pending) < 2*reorderWindow {
		return nil
	}

	return q.deliver(reorderWindow)
}

// way says how the person was seen; "": not at all.
func (q *Query) way(e *Entry) fed.AccessWay {
	switch {
	case e.unnamed():
		q.Unnamed++
	case slices.Contains(q.Persons, e.Person):
		return fed.AccessAsked
	case e.ofEverybody():
		return fed.AccessAll
	}

	for i, id := range q.Persons {
		if e.names(id, q.quoted[i]) {
			return fed.AccessListed
		}
	}

	return ""
}

// Flush delivers the rest, be it nothing.
func (q *Query) Flush() error { return q.deliver(len(q.pending)) }

// deliver gives the first entries to Take.
func (q *Query) deliver(n int) error {
	slices.SortStableFunc(q.pending, func(a, b Access) int { return a.Time.Compare(b.Time) })

	if err := q.Take(q.pending[:n]); err != nil {
		return takeError{err}
	}

	q.pending = slices.Delete(q.pending, 0, n)
	return nil
}
