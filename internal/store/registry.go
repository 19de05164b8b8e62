// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// Registry is the records of a resource that is about nobody: of domiciliary units
// or institutions.
type Registry struct {
	db        *DB
	info      fed.ResourceInfo
	get, same string
	add       createStatements
	merge     mergeStatements
	drop      deleteStatements
}

// Registry is the one of a resource whose records are about nobody.
func (db *DB) Registry(of fed.Resource) Registry {
	info := of.Info()
	table := info.Table
	in := func(statement string) string { return fmt.Sprintf(statement, table) }
	return Registry{
		db: db, info: info,
		get: in(`SELECT data::text, version FROM %s WHERE id = $1 AND jsonb_typeof(data) = 'object'`),
		same: in(`SELECT data::text, version, COALESCE(data = $2::jsonb || $3::jsonb OR creation = $2::jsonb || $3::jsonb, false)
			FROM %s WHERE id = $1`),
		add:   createSpec{of: of, data: `$5::jsonb || $6::jsonb`}.statements(),
		merge: mergeSpec{of: of, where: `id = @id`, patch: `@patch::jsonb`}.statements(),
		drop:  deleteSpec{of: of, where: `id = @id`}.statements(),
	}
}

// Each hands on the part that is asked for, by id: to every reader, for they are about nobody.
func (r Registry) Each(ctx context.Context, reader fed.Reader, s Keyset[string], flow Flow, take func(fed.Record) error) error {
	db := r.db.server(reader)
	records := collection{
		listColumns: listColumns{shown: asText, take: func(_ string, record fed.Record) error { return take(record) }},
		runPieces:   db.onAnyConnection, runScan: db.withoutSort, table: r.info.Table,
		where: func(*parameters) string { return isObject },
	}
	return db.read(ctx, flow, records.list(s))
}

// Get gives one record, to every reader.
func (r Registry) Get(ctx context.Context, reader fed.Reader, id string) (fed.Stored, error) {
	return r.db.server(reader).queryRecord(ctx, notFound(r.info), r.get, id)
}

// Create stores data with the keys of filled set in it; created is false when
// the same was there already. Conflict: the id is taken by other content.
func (r Registry) Create(ctx context.Context, w fed.Write, id string, data, filled fed.Record) (stored fed.Stored, created bool, err error) {
	stored, created, err = r.db.create(ctx, w, r.add, id, []byte(data), []byte(filled))
	if err != nil || created {
		return stored, created, classify(err)
	}

	var text []byte
	var same bool
	err = r.db.pool.QueryRow(ctx, r.same, id, []byte(data), []byte(filled)).Scan(&text, &stored.Version, &same)

	switch {
	case errors.Is(err, pgx.ErrNoRows) && w.Old:
		return fed.Stored{}, false, fed.OtherVersion(0)
	case errors.Is(err, pgx.ErrNoRows): // deleted since
		return r.Create(ctx, w, id, data, filled)
	case err != nil:
		return fed.Stored{}, false, classify(err)
	case !w.Allows(stored.Version):
		return fed.Stored{}, false, fed.OtherVersion(stored.Version)
	case !same:
		return fed.Stored{}, false, fed.Errorf(fed.Conflict, "%s with this id exists with other content.", r.info.Noun)
	}

	stored.Record = text
	return stored, false, classify(r.db.awaitDurable(ctx))
}

// Change merges a patch into a record.
func (r Registry) Change(ctx context.Context, w fed.Write, id string, patch fed.Record) (fed.Stored, error) {
	return r.db.merge(ctx, w, notFound(r.info), r.merge, pgx.NamedArgs{"id": id, "patch": []byte(patch)})
}

// Delete removes a record.
func (r Registry) Delete(ctx context.Context, w fed.Write, id string) error {
	say := deleteErrors{missing: notFound(r.info), inUse: "It is in use."}
	return r.db.delete(ctx, w, say, r.drop, pgx.NamedArgs{"id": id})
}
