// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"errors"
	"fmt"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// patchOf is the patch of somebody without any grant.
func patchOf(patch string) store.PersonChange {
	return store.PersonChange{Patch: fed.Record(patch), Filled: nothing, Roles: nothing}
}

func TestAPatchMergesTopLevelKeys(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for i, c := range []struct{ stored, patch, want string }{
		{`{"a": {"x": 1}, "b": 2}`, `{"a": {"y": 3}}`, `{"a": {"y": 3}, "b": 2}`},
		{`{"a": 1}`, `{"a": null}`, `{"a": null}`},
		{`{"a": 1}`, `{}`, `{"a": 1}`},
		{`{"a": 1, "password": "h"}`, `{"b": 1}`, `{"a": 1, "b": 1}`},
		{`null`, `{"a": 1}`, `{"a": 1}`},
	} {
		t.Run(c.stored, func(t *testing.T) {
			id := fmt.Sprint(i)
			db.Exec(`INSERT INTO people (id, data) VALUES ($1, $2)`, id, c.stored)
			stored, err := db.ChangePerson(t.Context(), nobody, id, patchOf(c.patch))
			wantRecord(t, stored, err, c.want)
		})
	}
}

func TestAPatchDoesNotTakeThePasswordAway(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`UPDATE people SET data = data || '{"password": "h"}'`)
	if _, err := db.ChangePerson(t.Context(), nobody, "A", patchOf(`{"a": 1}`)); err != nil {
		t.Error(err)
	}
	wantText(t, db.Text(`SELECT data ->> 'password' FROM people WHERE id = 'A'`), nil, "h")
}

func TestKeysThatTheServerFillsInWinOverThePatch(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	change := patchOf(`{"password": "plain"}`)
	change.Filled, change.Password, change.Own = fed.Record(`{"password": "hash"}`), true, true
	stored, err := db.ChangePerson(t.Context(), nobody, "A", change)
	wantRecord(t, stored, err, personA)
	wantText(t, db.Text(`SELECT data ->> 'password' FROM people WHERE id = 'A'`), nil, "hash")
}

func TestAPatchGivesNULLItsFirstData(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('N', NULL)`)
	stored, err := db.ChangePerson(t.Context(), nobody, "N", patchOf(`{"a": 1}`))
	wantRecord(t, stored, err, `{"a": 1}`)
	wantText(t, db.Text(`SELECT data::text FROM people`), nil, `{"a": 1}`)
}

func TestAPatchOfWhatIsNoObjectIsRefused(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for i, data := range []string{`[1]`, `"text"`, `5`, `true`} {
		id := fmt.Sprint(i)
		db.Exec(`INSERT INTO people (id, data) VALUES ($1, $2)`, id, data)
		_, err := db.ChangePerson(t.Context(), nobody, id, patchOf(`{"a": 1}`))
		wantKind(t, err, fed.Invalid)
		wantText(t, db.Text(`SELECT data::text FROM people WHERE id = $1`, id), nil, data)
	}
}

func TestNobodyCannotBeChanged(t *testing.T) {
	t.Parallel()
	_, err := testdb.New(t).ChangePerson(t.Context(), nobody, "nobody", patchOf(`{}`))
	wantKind(t, err, fed.NotFound)
}

func TestFiftyPatchesAtOnceAllSurvive(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	errs := atOnce(50, func(i int) error {
		_, err := db.ChangePerson(t.Context(), nobody, "A", patchOf(fmt.Sprintf(`{"key%d": %d}`, i, i)))
		return err
	})
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	const q = `SELECT count(*)::text FROM people, jsonb_each(data) WHERE id = 'A' AND key = 'key' || value::text`
	wantText(t, db.Text(q), nil, "50")
	wantText(t, db.Text(`SELECT creation::text FROM people WHERE id = 'A'`), nil, personA)
}
