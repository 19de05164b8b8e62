// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
)

// accessLine is a line of the access record, in its file or in the database.
type accessLine struct {
	Request, Account, Person string
	Persons                  []string
	everybody                bool
}

// UnmarshalJSON takes "all" for everybody.
func (a *accessLine) UnmarshalJSON(text []byte) error {
	var line struct {
		Request, Account, Person string
		Persons                  json.RawMessage
	}
	err := json.Unmarshal(text, &line)
	if err != nil {
		return err
	}

	*a = accessLine{Request: line.Request, Account: line.Account, Person: line.Person, everybody: string(line.Persons) == `"all"`}
	if a.everybody || line.Persons == nil {
		return nil
	}
	return json.Unmarshal(line.Persons, &a.Persons)
}

// tells reports whether one of the lines says that the account has read about the person.
func tells(lines []accessLine, account, person string) bool {
	return slices.ContainsFunc(lines, func(l accessLine) bool {
		return l.Account == account && (l.everybody || l.Person == person || slices.Contains(l.Persons, person))
	})
}

// compareAccess makes sure that each reply about others that somebody had is in the access
// record, and each line of it once in the database.
func (s *soak) compareAccess(ctx context.Context) error {
	written := map[string][]accessLine{}
	for _, h := range []*hub{s.site.steady, s.site.mortal} {
		err := readRecord(h.record, written)
		if err != nil {
			return err
		}
	}
	copied, err := s.copiedLines(ctx)
	if err != nil {
		return err
	}

	for request, lines := range written {
		if len(copied[request]) != len(lines) {
			s.faults.add("request %s has %d lines in the access record, and %d in the database", request, len(lines), len(copied[request]))
		}
	}
	for _, r := range s.ledger.readings {
		for _, person := range r.persons {
			if !tells(written[r.request], r.account, person) || !tells(copied[r.request], r.account, person) {
				s.faults.add("%s has read about %s in request %s, and the access record does not say so", r.account, person, r.request)
			}
		}
	}
	return nil
}

// readRecord reads the lines of a file, by their requests.
func readRecord(name string, into map[string][]accessLine) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("read the access record: %w", err)
	}
	defer func() { _ = file.Close() }() // it was read

	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line accessLine
		err := json.Unmarshal(lines.Bytes(), &line)
		if err != nil {
			return fmt.Errorf("a line of the access record: %w: %s", err, lines.Bytes())
		}
		into[line.Request] = append(into[line.Request], line)
	}
	return lines.Err()
}

// copiedLines are those in the database, by their requests.
func (s *soak) copiedLines(ctx context.Context) (map[string][]accessLine, error) {
	const q = `SELECT request, account, COALESCE(person, ''), persons, everybody FROM thalamus_access`
	copied := map[string][]accessLine{}
	var line accessLine
	err := s.each(ctx, q, []any{&line.Request, &line.Account, &line.Person, &line.Persons, &line.everybody}, func() {
		copied[line.Request] = append(copied[line.Request], line)
		line.Persons = nil
	})
	return copied, err
}
