// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

var createPerson = createSpec{
	of:    fed.Person,
	data:  `$5::jsonb || $6::jsonb`,
	reply: ` - 'password'`,
}.statements()

// CreatePerson stores data with the keys of filled set in it, unless the id
// exists already: then created is false. The reply has no password.
func (db *DB) CreatePerson(ctx context.Context, w fed.Write, id string, data, filled fed.Record) (stored fed.Stored, created bool, err error) {
	stored, created, err = db.create(ctx, w, createPerson, id, []byte(data), []byte(filled))
	return stored, created, classify(err)
}

// CheckNewPerson refuses what CreatePerson would before it writes, so that nothing dear
// is done for it: Gone for an id that was deleted.
func (db *DB) CheckNewPerson(ctx context.Context, w fed.Write, id string) error {
	const q = `SELECT EXISTS (SELECT FROM thalamus_changes WHERE resource = 'person' AND id = $1)
		AND NOT EXISTS (SELECT FROM people WHERE id = $1)`
	if w.Recreate {
		return nil
	}

	var deleted bool
	if err := db.pool.QueryRow(ctx, q, id).Scan(&deleted); err != nil {
		return classify(err)
	}
	if deleted {
		gone := sqlstates[deletedCode]
		return &gone
	}

	return nil
}

// Repeated is how a repeated creation compares with a person who is there.
type Repeated struct {
	Known  bool // somebody is there
	Same   bool // with the same content, but for the password; only then the rest is set
	Stored fed.Stored
	Hash   string // the stored password, "" if there is none
}

// RepeatedPerson compares a repeated creation with what is stored and with what
// the first creation stored, leaving passwords out.
func (db *DB) RepeatedPerson(ctx context.Context, w fed.Write, id string, data, filled fed.Record) (there Repeated, err error) {
	const q = `SELECT (data - 'password')::text, version, COALESCE(data ->> 'password', ''),
			COALESCE(data IS NOT NULL AND ($2::jsonb || $3::jsonb) - 'password' IN (data - 'password', creation), false)
		FROM (SELECT version, creation, CASE WHEN jsonb_typeof(data) = 'object' THEN data END AS data FROM people WHERE id = $1) AS person`

	var text []byte
	err = db.pool.QueryRow(ctx, q, id, []byte(data), []byte(filled)).Scan(&text, &there.Stored.Version, &there.Hash, &there.Same)
	switch {
	case errors.Is(err, pgx.ErrNoRows) && w.Old:
		return Repeated{}, fed.OtherVersion(0)
	case errors.Is(err, pgx.ErrNoRows):
		return Repeated{}, nil
	case err != nil:
		return Repeated{}, classify(err)
	case !w.Allows(there.Stored.Version):
		return Repeated{}, fed.OtherVersion(there.Stored.Version)
	case !there.Same:
		return Repeated{Known: true}, nil
	}

	there.Known, there.Stored.Record = true, text
	return there, classify(db.awaitDurable(ctx))
}
