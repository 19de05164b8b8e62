// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// storedRecords are all records with their persons, and the digests of documents.
const storedRecords = `
SELECT 'person' AS resource, id, id AS person, data - 'password' AS data, '' AS digest FROM people
UNION ALL SELECT 'page', id, book, data, '' FROM pols
UNION ALL SELECT 'document', id, fedacct, data, encode(sha512(document), 'hex') FROM personal_docs
UNION ALL SELECT 'unit', id, '', data, '' FROM dus
UNION ALL SELECT 'institution', id, '', data, '' FROM institutions`

// compareRecords makes sure that the records are those that clients were told of, and as they
// left them.
func (s *soak) compareRecords(ctx context.Context) error {
	found := map[key]bool{}
	var k key
	var person, digest string
	var data content
	err := s.each(ctx, storedRecords, []any{&k.resource, &k.id, &person, &data, &digest}, func() {
		found[k] = true
		t := s.ledger.records[k]
		switch {
		case k.id == rootAccount:
		case t == nil || t.last() == nil:
			s.faults.add("%v is there, and nobody was told so", k)
		case t.person != person:
			s.faults.add("%v is about %s, not %s", k, person, t.person)
		case !same(data, t.last()):
			s.faults.add("%v is altered: %s, not %s", k, data.json(), t.last().json())
		case digest != s.ledger.bytes[k.id]:
			s.faults.add("the bytes of %v are altered", k)
		}
		data = nil
	})
	if err != nil {
		return err
	}

	for k, t := range s.ledger.records {
		if t.last() != nil && !found[k] {
			s.faults.add("%v is lost", k)
		}
	}
	return nil
}

// storedHistory is all changes of records, in their order. Before is what a change has
// replaced.
const storedHistory = `
SELECT resource, id, version, operation, before FROM thalamus_changes
WHERE operation IN ('create', 'update', 'delete') AND part = 0 ORDER BY resource, id, version`

// compareHistory makes sure that each change that clients were told of is in the history once,
// and the contents that were replaced are there as they were.
func (s *soak) compareHistory(ctx context.Context) error {
	seen := map[key]int{}
	var k key
	var version int
	var operation string
	var before content
	err := s.each(ctx, storedHistory, []any{&k.resource, &k.id, &version, &operation, &before}, func() {
		s.compareChange(k, version, operation, before, seen)
		before = nil
	})
	if err != nil {
		return err
	}

	for k, t := range s.ledger.records {
		if seen[k] != len(t.changes) {
			s.faults.add("the history has %d changes of %v, not %d", seen[k], k, len(t.changes))
		}
	}
	return nil
}

// compareChange compares the next change of a record.
func (s *soak) compareChange(k key, version int, operation string, before content, seen map[key]int) {
	if k.id == rootAccount {
		return
	}

	n := seen[k]
	seen[k]++
	t := s.ledger.records[k]
	switch {
	case t == nil || n >= len(t.changes):
		s.faults.add("the history has version %d of %v, and nobody was told so", version, k)
	case version != n+1 || t.changes[n].operation != operation:
		s.faults.add("change %d of %v is version %d in the history: %s, not %s", n+1, k, version, operation, t.changes[n].operation)
	case operation != "create" && !same(before, t.changes[n-1].content):
		s.faults.add("version %d of %v is altered in the history: %s, not %s", n, k, before.json(), t.changes[n-1].content.json())
	}
}

// each calls do for each row of a query, whose columns go where they are told to.
func (s *soak) each(ctx context.Context, query string, into []any, do func()) error {
	db, err := s.site.connect(ctx)
	if err != nil {
		return fmt.Errorf("compare: %w", err)
	}
	defer func() { _ = db.Close(ctx) }() // nothing is lost with it

	rows, _ := db.Query(ctx, query)
	_, err = pgx.ForEachRow(rows, into, func() error {
		do()
		return nil
	})
	if err != nil {
		return fmt.Errorf("compare: %w", err)
	}
	return nil
}
