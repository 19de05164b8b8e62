// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"thalamus/internal/fed"
)

// Revision is a record with its version, and when it came to have that.
type Revision struct {
	fed.Stored
	ID      string
	Changed time.Time // zero: that is not known
	Same    []string  // in lists of persons: the ids of other records of the person
}

// changedAt is the time of the change that made the version of a record, as SQL: id and
// version are columns of what is named.
func changedAt(resource fed.Resource, of string) string {
	return fmt.Sprintf(`(SELECT time FROM thalamus_changes WHERE thalamus_changes.id = %[1]s.id AND resource = '%[2]s'
	AND thalamus_changes.version = %[1]s.version AND part = 0)`, of, resource)
}

// listedChange is changedAt of the rows of a list whose text is handed on.
func listedChange(resource fed.Resource) string {
	return `CASE WHEN text IS NOT NULL THEN ` + changedAt(resource, "c") + ` END`
}

// PersonRevision gives one person's record without the password.
func (v View) PersonRevision(ctx context.Context, id string) (Revision, error) {
	if err := v.db.pool.Ready(ctx); err != nil {
		return Revision{}, classify(err)
	}

	found, err := v.db.revisionBatcher.get(ctx, id)
	if err != nil {
		return found, err
	}
	if found.Record == nil {
		return found, fed.Errorf(fed.NotFound, noPerson)
	}

	return found, nil
}

var selectPersonRevisions = `SELECT id, (data - 'password')::text, version::text, linked,
	(date_part('epoch', ` + changedAt(fed.Person, "people") + `) * 1000000)::bigint::text
	FROM people WHERE id = ANY($1) AND jsonb_typeof(data) = 'object'`

func (db *DB) readPersonRevisions(ctx context.Context, ids []string) ([]Revision, error) {
	found := make([]Revision, len(ids))
	rows, _ := db.pool.Query(ctx, selectPersonRevisions, textArray(ids))
	defer rows.Close()

	for rows.Next() {
		row := rows.RawValues() // until the next one
		i := slices.Index(ids, string(row[0]))
		if i < 0 {
			continue
		}

		version, err := strconv.ParseInt(string(row[2]), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read a version: %w", err)
		}
		found[i] = Revision{fed.Stored{Record: bytes.Clone(row[1]), Version: version, Linked: string(row[3])}, ids[i], microseconds(row[4]), nil}
	}

	return found, classify(rows.Err())
}

// microseconds reads a time as so many since 1970; zero of none.
func microseconds(text []byte) (at time.Time) {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return at
	}
	return time.UnixMicro(n).UTC()
}

// samePersons is the other records of a person in a list, as SQL.
var samePersons = `CASE WHEN text IS NOT NULL AND linked IS NOT NULL THEN ` + sameAs("c") + ` END`

// sameAs finds the other records of a person as SQL: id and linked are columns of what is named.
func sameAs(of string) string {
	return fmt.Sprintf(`(SELECT array_agg(same.id ORDER BY same.id COLLATE "C")
	FROM people AS same WHERE same.linked = %[1]s.linked AND same.id <> %[1]s.id AND jsonb_typeof(same.data) = 'object')`, of)
}

// EachPersonRevision is EachPersonWith for a part with an end.
func (v View) EachPersonRevision(ctx context.Context, f PersonFilter, s Keyset[string], flow Flow, take func(Revision) error) error {
	var one Revision
	var changed *time.Time
	persons := collection{
		listColumns: listColumns{shown: personText, beside: `, version, ` + listedChange(fed.Person) + `, ` + samePersons},
		runPieces:   v.db.withCustomPlan, table: `people`, columns: `, version, linked`,
		where: func(args *parameters) string { return isObject + f.andSQL(args) },
	}
	persons.into = []any{&one.Version, &changed, &one.Same}
	persons.take = func(id string, person fed.Record) error {
		one.ID, one.Record, one.Changed = id, person, timeOf(changed)
		return take(one)
	}

	if f.isEmpty() {
		persons.runPieces = v.db.onAnyConnection
	}
	return v.db.read(ctx, flow, persons.idList(s))
}

// timeOf is the time, or zero of none.
func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
