// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// PersonChange is a patch of a person and what its sender may do. A record that is nil
// has no keys.
type PersonChange struct {
	Patch       fed.Record // as it was sent
	Filled      fed.Record // keys that the server sets in it: the hash of a password
	Roles       fed.Record // {"roles": [...]} from the roles sent as text or array
	WrongRoles  bool       // roles were sent, but neither as an array of strings nor as a text
	Administers bool       // the sender may change roles, active and institution
	Own         bool       // the sender is this person
	Password    bool       // the patch sets a password
}

// pathSpelling is the person's id as the request has it, be it in small letters.
const pathSpelling = `to_jsonb(@spelled::text)`

// mergePerson leaves a stored value of roles that is repeated as it is, however
// odd it is: made well-formed, it would suddenly grant something.
var personMergeSpec = mergeSpec{
	of:    fed.Person,
	where: `id = @id`,
	patch: `(@patch::jsonb || @filled::jsonb || CASE
			WHEN data -> 'roles' IS DISTINCT FROM @patch::jsonb -> 'roles' THEN @roles::jsonb ELSE '{}'
		END)`,
	names: `, ` + pathSpelling,
	rules: `WHEN NOT @administers AND (
				merged -> 'roles' IS DISTINCT FROM data -> 'roles'
				OR merged -> 'active' IS DISTINCT FROM data -> 'active'
			) THEN '` + needsGrant + `'
		WHEN NOT @administers AND merged -> 'institution' IS DISTINCT FROM data -> 'institution' THEN '` + needsGrantForInstitution + `'
		` + unlessUnchanged("active", `'true', 'false', 'null'`, oddActive) + `
		WHEN @wrong_roles AND merged -> 'roles' IS DISTINCT FROM data -> 'roles' THEN '` + wrongRoles + `'
		WHEN @password AND NOT @own AND NOT @administers
			AND NOT COALESCE(NULLIF(data -> 'roles', 'null'), '[]') <@ '["end_user"]' THEN '` + holdsRoles + `'
		WHEN ` + losesAdministrator + ` THEN '` + lastAdministrator + `'`,
	reply: ` - 'password'`,
}

var mergePerson, checkPerson = personMergeSpec.statements(), personMergeSpec.checkStatement()

func (c PersonChange) args(id string) pgx.NamedArgs {
	return pgx.NamedArgs{
		"id": id, "patch": keys(c.Patch), "filled": keys(c.Filled), "roles": keys(c.Roles), "wrong_roles": c.WrongRoles,
		"administers": c.Administers, "own": c.Own, "password": c.Password,
	}
}

func keys(r fed.Record) []byte {
	if r == nil {
		return []byte("{}")
	}
	return r
}

// ChangePerson merges a patch into a person's record. Whether roles, active and institution
// change, and who needs a grant for it, is decided on the locked row; so is whether
// an administrator is lost.
func (db *DB) ChangePerson(ctx context.Context, w fed.Write, id string, c PersonChange) (fed.Stored, error) {
	args := c.args(id)
	args["spare"], args["administrators"] = false, w.Administrators
	return db.merge(ctx, w, noPerson, mergePerson, args)
}

// CheckPersonChange gives the error that ChangePerson would give now, and changes
// nothing, so that no password is hashed for a change that is refused. It does not look for
// another administrator.
func (db *DB) CheckPersonChange(ctx context.Context, w fed.Write, id string, c PersonChange) error {
	args := c.args(id)
	args["spare"], args["administrators"] = true, w.Administrators
	return db.check(ctx, w, noPerson, checkPerson, args)
}

var removePerson = deleteSpec{
	of:    fed.Person,
	where: `id = @id`,
	rules: `WHEN ` + isActive + ` THEN '` + stillActive + `'`,
}.statements()

// DeletePerson removes a person who was made inactive and has neither pages nor
// documents.
func (db *DB) DeletePerson(ctx context.Context, w fed.Write, id string) error {
	say := deleteErrors{missing: "User does not exist", inUse: "The person still has pages or documents."}
	return db.delete(ctx, w, say, removePerson, pgx.NamedArgs{"id": id})
}
