// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// Registry is a table of records that belong to no person: domiciliary units
// or institutions.
type Registry struct {
	db                                *DB
	noun                              string
	list, get, add, same, merge, drop string
}

// Units is the registry of domiciliary units.
func (db *DB) Units() Registry { return newRegistry(db, "dus", "Domiciliary unit") }

// Institutions is the registry of institutions.
func (db *DB) Institutions() Registry { return newRegistry(db, "institutions", "Institution") }

func newRegistry(db *DB, table, noun string) Registry {
	in := func(statement string) string { return fmt.Sprintf(statement, table) }
	return Registry{
		db: db, noun: noun,
		list: in(`SELECT data::text FROM %s WHERE jsonb_typeof(data) = 'object' ORDER BY id`),
		get:  in(`SELECT data::text FROM %s WHERE id = $1 AND jsonb_typeof(data) = 'object'`),
		add: in(`INSERT INTO %s (id, data) VALUES ($1, $2::jsonb || $3::jsonb)
			ON CONFLICT (id) DO NOTHING RETURNING data::text`),
		same: in(`SELECT data::text FROM %s WHERE id = $1
			AND (data = $2::jsonb || $3::jsonb OR creation = $2::jsonb || $3::jsonb)`),
		merge: merging{table: table, where: `id = @id`, patch: `@patch::jsonb`}.statement(),
		drop:  in(`DELETE FROM %s WHERE id = $1 RETURNING '` + noObjection + `'`),
	}
}

func (r Registry) missing() string { return r.noun + " not found" }

// Each hands on every record, by id.
func (r Registry) Each(ctx context.Context, take func(fed.Record) error) error {
	return r.db.each(ctx, take, r.list)
}

// Get gives one record.
func (r Registry) Get(ctx context.Context, id string) (fed.Record, error) {
	return r.db.one(ctx, r.missing(), r.get, id)
}

// Create stores data with the keys of filled set in it; created is false when
// the same was there already. Conflict: the id is taken by other content.
func (r Registry) Create(ctx context.Context, id string, data, filled fed.Record) (stored fed.Record, created bool, err error) {
	var text []byte
	err = r.db.pool.QueryRow(ctx, r.add, id, []byte(data), []byte(filled)).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		err = r.db.pool.QueryRow(ctx, r.same, id, []byte(data), []byte(filled)).Scan(&text)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, false, fed.Errorf(fed.Conflict, "%s with this id exists with other content.", r.noun)
		}
		return text, false, explain(err)
	}
	return text, err == nil, explain(err)
}

// Change merges a patch into a record.
func (r Registry) Change(ctx context.Context, id string, patch fed.Record) (fed.Record, error) {
	return r.db.merge(ctx, r.missing(), r.merge, pgx.NamedArgs{"id": id, "patch": []byte(patch)})
}

// Delete removes a record.
func (r Registry) Delete(ctx context.Context, id string) error {
	return r.db.remove(ctx, r.missing(), "It is in use.", r.drop, id)
}
