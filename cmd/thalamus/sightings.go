// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"thalamus/internal/audit"
	"thalamus/internal/store"
)

// sightings writes the accesses to a person, with the names of the accounts.
type sightings struct {
	ctx   context.Context //nolint:containedctx // take has no room for it
	db    *store.DB       // nil: no names are known
	env   environment
	names audit.Names
	table *audit.CSV // nil: lines for people
	count int
}

// take is a Query's.
func (s *sightings) take(all []audit.Access) error {
	s.learn(all)
	first := s.count == 0 && len(all) > 0
	s.count += len(all)
	if s.table != nil {
		return s.table.Write(all, s.names)
	}

	if first {
		if err := audit.WriteTextHeader(s.env.stdout); err != nil {
			return err
		}
	}
	return audit.WriteText(s.env.stdout, all, s.names)
}

// learn looks up the names that are new. Without a database the rest has none.
func (s *sightings) learn(all []audit.Access) {
	if s.db == nil {
		return
	}

	var unknown []string
	for i := range all {
		id := all[i].Account
		if _, known := s.names[id]; !known {
			s.names[id] = ""
			unknown = append(unknown, id)
		}
	}

	if err := s.db.Names(s.ctx, unknown, s.names); err != nil {
		fmt.Fprintln(s.env.stderr, "names are left out from here on:", err)
		s.db = nil
	}
}

// told says what there was, and what could not be told.
func (s *sightings) told(q *audit.Query, err error) error {
	to := s.env.stderr
	if q.Began.IsZero() {
		fmt.Fprintln(to, "The record is empty.")
	} else {
		fmt.Fprintf(to, "%d lines about %s; the record begins at %s UTC.\n", s.count, q.Persons[0], q.Began.UTC().Format(time.DateTime))
	}

	if q.Unnamed > 0 {
		fmt.Fprintf(to, "%d lists of persons do not say of whom they told: an older version wrote them.\n", q.Unnamed)
	}

	if q.Skipped > 0 {
		fmt.Fprintf(to, "%d lines were skipped: they are broken, or not of the access record.\n", q.Skipped)
	}

	if err != nil {
		return partlyError("a part of the record is missing above: " + strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return nil
}
