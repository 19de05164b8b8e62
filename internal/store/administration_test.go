// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// rolesPatch is a patch of roles, with what was read from them: wrong when they
// are neither an array of strings nor a text.
func rolesPatch(roles, read string, administers bool) store.PersonChange {
	change := patchOf(`{"roles": ` + roles + `}`)
	change.Administers, change.WrongRoles = administers, read == "wrong"
	if !change.WrongRoles {
		change.Roles = fed.Record(`{"roles": ` + read + `}`)
	}
	return change
}

const allowed = fed.Kind(-1)

// wantOutcome fails the test unless err is of the kind, or nil if that is allowed.
func wantOutcome(t *testing.T, err error, want fed.Kind) {
	t.Helper()
	if want != allowed {
		wantKind(t, err, want)
	} else if err != nil {
		t.Error(err)
	}
}

func TestChangingRolesNeedsTheGrantAndRepeatingThemDoesNot(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for i, c := range []struct {
		stored, sent, read string
		want, wantOfAdmin  fed.Kind
		after              string // left by an administrator
	}{
		{`{"roles": ["end_user"]}`, `["root"]`, `["root"]`, fed.Forbidden, allowed, `{"roles": ["root"]}`},
		{`{"roles": ["root"]}`, `["end_user"]`, `["end_user"]`, fed.Forbidden, allowed, `{"roles": ["end_user"]}`},
		{`{"roles": ["a", "b"]}`, `["b", "a"]`, `["b", "a"]`, fed.Forbidden, allowed, `{"roles": ["b", "a"]}`},
		{`{}`, `["end_user"]`, `["end_user"]`, fed.Forbidden, allowed, `{"roles": ["end_user"]}`},
		{`null`, `["root"]`, `["root"]`, fed.Forbidden, allowed, `{"roles": ["root"]}`},
		{`{"roles": ["a"]}`, `["a"]`, `["a"]`, allowed, allowed, `{"roles": ["a"]}`},
		{`{"roles": ["a", "b"]}`, `"a, b"`, `["a", "b"]`, allowed, allowed, `{"roles": ["a", "b"]}`},
		{`{"roles": ["a"]}`, `5`, `wrong`, fed.Forbidden, fed.Invalid, `{"roles": ["a"]}`},
		{`{"roles": ["a"]}`, `null`, `wrong`, fed.Forbidden, fed.Invalid, `{"roles": ["a"]}`},
		{`{}`, `null`, `wrong`, fed.Forbidden, fed.Invalid, `{}`},
		// Odd values that are repeated stay odd: as arrays they would grant something.
		{`{"roles": "root"}`, `"root"`, `["root"]`, allowed, allowed, `{"roles": "root"}`},
		{`{"roles": "root"}`, `["root"]`, `["root"]`, fed.Forbidden, allowed, `{"roles": ["root"]}`},
		{`{"roles": null}`, `null`, `wrong`, allowed, allowed, `{"roles": null}`},
		{`{"roles": {"a": 1}}`, `{"a": 1}`, `wrong`, allowed, allowed, `{"roles": {"a": 1}}`},
		{`{"roles": ["root", null]}`, `["root", null]`, `wrong`, allowed, allowed, `{"roles": ["root", null]}`},
	} {
		t.Run(c.stored, func(t *testing.T) {
			id := fmt.Sprint(i)
			db.Exec(`INSERT INTO people (id, data) VALUES ($1, $2)`, id, c.stored)
			_, err := db.ChangePerson(t.Context(), nobody, id, rolesPatch(c.sent, c.read, false))
			wantOutcome(t, err, c.want)
			wantText(t, db.Text(`SELECT data::text FROM people WHERE id = $1`, id), nil, c.stored)
			_, err = db.ChangePerson(t.Context(), nobody, id, rolesPatch(c.sent, c.read, true))
			wantOutcome(t, err, c.wantOfAdmin)
			wantText(t, db.Text(`SELECT data::text FROM people WHERE id = $1`, id), nil, c.after)
		})
	}
}

func TestChangingActiveNeedsTheGrantAndRepeatingItDoesNot(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for i, c := range []struct {
		stored, patch string
		want          fed.Kind
	}{
		{`{"active": false}`, `{"active": true}`, fed.Forbidden},
		{`{"active": true}`, `{"active": false}`, fed.Forbidden},
		{`{"active": true}`, `{"active": null}`, fed.Forbidden},
		{`{}`, `{"active": true}`, fed.Forbidden},
		{`{}`, `{"active": null}`, fed.Forbidden},
		{`null`, `{"active": true}`, fed.Forbidden},
		{`{"active": false}`, `{"active": false}`, allowed},
		{`{"active": false}`, `{"name": "Ana"}`, allowed},
	} {
		t.Run(c.stored, func(t *testing.T) {
			id := fmt.Sprint(i)
			db.Exec(`INSERT INTO people (id, data) VALUES ($1, $2)`, id, c.stored)
			change := patchOf(c.patch)
			_, err := db.ChangePerson(t.Context(), nobody, id, change)
			wantOutcome(t, err, c.want)
			change.Administers = true
			_, err = db.ChangePerson(t.Context(), nobody, id, change)
			wantOutcome(t, err, allowed)
		})
	}
}

func TestThePasswordOfSomebodyWithMoreRolesThanEndUserNeedsTheGrant(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for i, c := range []struct {
		stored string
		want   fed.Kind // of a stranger with the grant for passwords only
	}{
		{`{"roles": ["end_user"]}`, allowed}, {`{"roles": []}`, allowed}, {`{"roles": null}`, allowed},
		{`{}`, allowed}, {`null`, allowed},
		{`{"roles": ["root"]}`, fed.Forbidden}, {`{"roles": ["end_user", "node"]}`, fed.Forbidden},
		{`{"roles": "root"}`, fed.Forbidden}, {`{"roles": {"root": 1}}`, fed.Forbidden}, {`{"roles": [["root"]]}`, fed.Forbidden},
	} {
		t.Run(c.stored, func(t *testing.T) {
			id := fmt.Sprint(i)
			db.Exec(`INSERT INTO people (id, data) VALUES ($1, $2)`, id, c.stored)
			change := patchOf(`{"password": "plain"}`)
			change.Filled, change.Password = fed.Record(`{"password": "hash"}`), true
			_, err := db.ChangePerson(t.Context(), nobody, id, change)
			wantOutcome(t, err, c.want)
			own, administered := change, change
			own.Own, administered.Administers = true, true
			_, err = db.ChangePerson(t.Context(), nobody, id, own)
			wantOutcome(t, err, allowed)
			_, err = db.ChangePerson(t.Context(), nobody, id, administered)
			wantOutcome(t, err, allowed)
		})
	}
}
