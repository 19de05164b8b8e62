// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// heldEntries wait for earlier ones: instances that share a file, and one that goes on in the
// old one for a moment, write lines a little out of order.
const heldEntries = 1000

// Way is how somebody came to see a person.
type Way string

// The ways. A reader of everybody may not have looked at this one.
const (
	Asked  Way = "asked"  // for this person
	Listed Way = "listed" // as one of those that a list told of
	All    Way = "all"    // as everybody
)

// Sighting is that somebody saw something of a person, or was refused to.
type Sighting struct {
	Entry
	Way Way
}

// Question asks an access record who has seen a person. It is for one use.
type Question struct {
	Persons []string               // spellings of the id, each of which counts
	From    time.Time              // nothing before; zero: from the beginning on
	Take    func([]Sighting) error // is given some at a time, in the order of their times

	Began   time.Time // the earliest time of the record; zero: it is empty
	Skipped int       // lines that are broken, or not of the record
	Unnamed int       // lists of persons that do not say of whom they told

	quoted [][]byte
	held   []Sighting
}

// Read reads files of the record, in this order. A file that cannot be read to its end keeps
// none of the others from being read.
func (q *Question) Read(files []string) error {
	var unread []error
	for _, file := range files {
		in, err := open(file)
		if err != nil {
			unread = append(unread, err)
			continue
		}
		err = q.Scan(in)
		_ = in.Close() // it was only read
		var taking takeError
		if errors.As(err, &taking) {
			return taking.error
		}
		if err != nil {
			unread = append(unread, fmt.Errorf("%s: %w", file, err))
		}
	}
	return errors.Join(unread...)
}

// takeError is one of Take.
type takeError struct{ error }

// Scan reads a part of the record.
func (q *Question) Scan(in io.Reader) error {
	q.spell()
	return eachLine(in, func(line []byte) error {
		e, err := readEntry(line)
		if err != nil {
			q.Skipped++
			return nil //nolint:nilerr // it was counted
		}
		return q.look(e)
	})
}

// spell makes the ids as lines have them.
func (q *Question) spell() {
	if q.quoted != nil {
		return
	}
	for i, person := range q.Persons {
		quoted := appendText(nil, person)
		_ = json.Unmarshal(quoted, &q.Persons[i]) // which appendText has made; a long one is cut
		q.quoted = append(q.quoted, quoted)
	}
}

// look takes in an entry, if it is about the person.
func (q *Question) look(e Entry) error {
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
	q.held = append(q.held, Sighting{e, way})
	if len(q.held) < 2*heldEntries {
		return nil
	}
	return q.give(heldEntries)
}

// way says how the person was seen; "": not at all.
func (q *Question) way(e *Entry) Way {
	switch {
	case e.unnamed():
		q.Unnamed++
	case slices.Contains(q.Persons, e.Person):
		return Asked
	case e.ofEverybody():
		return All
	}
	for i, id := range q.Persons {
		if e.names(id, q.quoted[i]) {
			return Listed
		}
	}
	return ""
}

// End gives the rest, be it nothing.
func (q *Question) End() error { return q.give(len(q.held)) }

// give hands on the first ones.
func (q *Question) give(n int) error {
	slices.SortStableFunc(q.held, func(a, b Sighting) int { return a.Time.Compare(b.Time) })
	if err := q.Take(q.held[:n]); err != nil {
		return takeError{err}
	}
	q.held = slices.Delete(q.held, 0, n)
	return nil
}
