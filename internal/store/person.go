// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"

	"thalamus/internal/fed"
)

const noPerson = "User not found"

// EachPerson hands on every person's record without the password, by id.
func (v View) EachPerson(ctx context.Context, flow Flow, take func(fed.Record) error) error {
	each := func(_ string, person fed.Record) error { return take(person) }
	return v.EachPersonWith(ctx, PersonFilter{}, Keyset[string]{}, flow, each)
}

// Person gives one person's record without the password.
func (v View) Person(ctx context.Context, id string) (fed.Stored, error) {
	if err := v.db.pool.Ready(ctx); err != nil {
		return fed.Stored{}, classify(err)
	}

	stored, err := v.db.personBatcher.get(ctx, id)
	if err != nil {
		return stored, err
	}
	if stored.Record == nil {
		return stored, fed.Errorf(fed.NotFound, noPerson)
	}

	return stored, nil
}

func (db *DB) readPersons(ctx context.Context, ids []string) ([]fed.Stored, error) {
	const q = `SELECT id, (data - 'password')::text, version::text, linked FROM people WHERE id = ANY($1) AND jsonb_typeof(data) = 'object'`
	found := make([]fed.Stored, len(ids))
	rows, _ := db.pool.Query(ctx, q, textArray(ids))
	defer rows.Close()

	for rows.Next() {
		row := rows.RawValues() // until the next one
		if i := slices.Index(ids, string(row[0])); i >= 0 {
			version, err := strconv.ParseInt(string(row[2]), 10, 64)
			if err != nil {
				return nil, fmt.Errorf("read a version: %w", err)
			}
			found[i] = fed.Stored{Record: bytes.Clone(row[1]), Version: version, Linked: string(row[3])}
		}
	}

	return found, classify(rows.Err())
}
