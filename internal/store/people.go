// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// RolesRule is what the value of "roles" must be.
const RolesRule = "roles must be an array of strings, or a text with commas between them."

const noPerson = "User not found"

// EachPerson hands on every person's record without the password.
func (db *DB) EachPerson(ctx context.Context, take func(fed.Record) error) error {
	const q = `SELECT (data - 'password')::text FROM people WHERE jsonb_typeof(data) = 'object'`
	return db.each(ctx, take, q)
}

// Person gives one person's record without the password.
func (db *DB) Person(ctx context.Context, id string) (fed.Record, error) {
	text, ok, err := db.persons.get(ctx, id)
	if err == nil && !ok {
		err = fed.Errorf(fed.NotFound, noPerson)
	}
	return text, err
}

func (db *DB) readPersons(ctx context.Context, ids []string) (map[string]fed.Record, error) {
	const q = `SELECT id, (data - 'password')::text FROM people WHERE id = ANY($1) AND jsonb_typeof(data) = 'object'`
	found := make(map[string]fed.Record, len(ids))
	var id string
	var text []byte
	rows, _ := db.pool.Query(ctx, q, ids)
	err := forEach(rows, []any{&id, &text}, func() error {
		found[id] = text
		return nil
	})
	return found, err
}

// CreatePerson stores data with the keys of filled set in it, unless the id
// exists already: then created is false. The reply has no password.
func (db *DB) CreatePerson(ctx context.Context, id string, data, filled fed.Record) (stored fed.Record, created bool, err error) {
	const q = `INSERT INTO people (id, data) VALUES ($1, $2::jsonb || $3::jsonb)
		ON CONFLICT (id) DO NOTHING RETURNING (data - 'password')::text`
	var text []byte
	err = db.pool.QueryRow(ctx, q, id, []byte(data), []byte(filled)).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	return text, err == nil, explain(err)
}

// RepeatedPerson compares a repeated creation with what is stored and with what
// the first creation stored, leaving passwords out. It gives the stored record,
// and its password ("" if there is none); same is false if both are different.
func (db *DB) RepeatedPerson(ctx context.Context, id string, data, filled fed.Record) (stored fed.Record, hash string, same bool, err error) {
	const q = `SELECT (data - 'password')::text, COALESCE(data ->> 'password', '') FROM people
		WHERE id = $1 AND jsonb_typeof(data) = 'object'
		AND ($2::jsonb || $3::jsonb) - 'password' IN (data - 'password', creation)`
	var text []byte
	err = db.pool.QueryRow(ctx, q, id, []byte(data), []byte(filled)).Scan(&text, &hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, "", false, nil
	}
	return text, hash, err == nil, explain(err)
}

// PersonChange is a patch of a person and what its sender may do.
type PersonChange struct {
	Patch       fed.Record // as it was sent
	Filled      fed.Record // keys that the server sets in it: the hash of a password
	Roles       fed.Record // {"roles": [...]} from the roles sent as text or array; else {}
	WrongRoles  bool       // roles were sent, but neither as an array of strings nor as a text
	Administers bool       // the sender may change roles and active
	Own         bool       // the sender is this person
	Password    bool       // the patch sets a password
}

// mergePerson leaves a stored value of roles that is repeated as it is, however
// odd it is: made well-formed, it would suddenly grant something.
var mergePerson = merging{
	table: `people`,
	where: `id = @id`,
	patch: `(@patch::jsonb || @filled::jsonb || CASE
			WHEN data -> 'roles' IS DISTINCT FROM @patch::jsonb -> 'roles' THEN @roles::jsonb ELSE '{}'
		END)`,
	rules: `WHEN NOT @administers AND (
				merged -> 'roles' IS DISTINCT FROM data -> 'roles'
				OR merged -> 'active' IS DISTINCT FROM data -> 'active'
			) THEN '` + needsGrant + `'
		WHEN @wrong_roles AND merged -> 'roles' IS DISTINCT FROM data -> 'roles' THEN '` + wrongRoles + `'
		WHEN @password AND NOT @own AND NOT @administers
			AND NOT COALESCE(NULLIF(data -> 'roles', 'null'), '[]') <@ '["end_user"]' THEN '` + holdsRoles + `'`,
	reply: ` - 'password'`,
}.statement()

// ChangePerson merges a patch into a person's record. Whether roles and active
// change, and who needs a grant for it, is decided on the locked row.
func (db *DB) ChangePerson(ctx context.Context, id string, c PersonChange) (fed.Record, error) {
	return db.merge(ctx, noPerson, mergePerson, pgx.NamedArgs{
		"id": id, "patch": []byte(c.Patch), "filled": []byte(c.Filled), "roles": []byte(c.Roles), "wrong_roles": c.WrongRoles,
		"administers": c.Administers, "own": c.Own, "password": c.Password,
	})
}

// DeletePerson removes a person who was made inactive and has neither pages nor
// documents.
func (db *DB) DeletePerson(ctx context.Context, id string) error {
	const q = `
WITH judged AS (
	SELECT id, CASE WHEN data -> 'active' = 'false' THEN '` + noObjection + `' ELSE '` + stillActive + `' END AS objection
	FROM people WHERE id = $1 FOR UPDATE
), deleted AS (
	DELETE FROM people USING judged WHERE people.id = judged.id AND judged.objection = '` + noObjection + `'
)
SELECT objection FROM judged`
	return db.remove(ctx, "User does not exist", "The person still has pages or documents.", q, id)
}

// remove runs a statement that deletes and answers with an objection or "".
// inUse is the sentence when other rows refer to this one.
func (db *DB) remove(ctx context.Context, notFound, inUse, statement string, args ...any) error {
	var objection string
	err := db.pool.QueryRow(ctx, statement, args...).Scan(&objection)
	switch {
	case violates(err):
		return &fed.Error{Kind: fed.Conflict, Msg: inUse, Err: err}
	case err != nil:
		return missing(err, notFound)
	case objection != noObjection:
		return objections[objection]
	}
	return nil
}
