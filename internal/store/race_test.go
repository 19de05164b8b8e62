// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// isVersionRace makes person A, runs call while a transaction that changes A's data
// is open, ends that transaction and gives what became of the call.
func isVersionRace(t *testing.T, stored, change, end string, call func(*testdb.DB) error) (after string, err error) {
	t.Helper()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', $1)`, stored)
	release := db.Hold(`UPDATE people SET data = data || $1 WHERE id = 'A'`, change)
	done := make(chan error)
	go func() { done <- call(db) }()
	db.AwaitWaiting(1)
	release(end)
	err = <-done
	return db.Text(`SELECT COALESCE(max(data::text), 'gone') FROM people`), err
}

// The keys that a patch repeats are compared with the record as it is when the patch
// writes, and not as it was when it came: the roles that it was read with may have been taken away since.
func TestAPatchCannotBringBackWhatIsBeingTakenAway(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stored, change, end string
		patch               store.PersonChange
		want                fed.Kind
		after               string
	}{
		"roles": {
			`{"roles": ["root"]}`, `{"roles": ["end_user"]}`, "COMMIT",
			rolesPatch(`["root"]`, `["root"]`, false), fed.Forbidden, `{"roles": ["end_user"]}`,
		},
		"roles as a text": {
			`{"roles": ["root"]}`, `{"roles": "root"}`, "COMMIT",
			rolesPatch(`["root"]`, `["root"]`, false), fed.Forbidden, `{"roles": "root"}`,
		},
		"active": {
			`{"active": true}`, `{"active": false}`, "COMMIT",
			patchOf(`{"active": true}`), fed.Forbidden, `{"active": false}`,
		},
		"the password of who becomes root": {
			`{"roles": ["end_user"]}`, `{"roles": ["root"]}`, "COMMIT",
			store.PersonChange{Patch: fed.Record(`{"password": "h"}`), Filled: nothing, Roles: nothing, Password: true},
			fed.Forbidden, `{"roles": ["root"]}`,
		},
		"nothing that is not: the newer value is repeated": {
			`{"roles": ["root"]}`, `{"roles": ["end_user"]}`, "COMMIT",
			rolesPatch(`["end_user"]`, `["end_user"]`, false), allowed, `{"roles": ["end_user"]}`,
		},
		"nothing that is not: the change is rolled back": {
			`{"roles": ["root"]}`, `{"roles": ["end_user"]}`, "ROLLBACK",
			rolesPatch(`["root"]`, `["root"]`, false), allowed, `{"roles": ["root"]}`,
		},
		"nothing that is not: another key": {
			`{"a": 1}`, `{"a": 2}`, "COMMIT", patchOf(`{"b": 1}`), allowed, `{"a": 2, "b": 1}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			after, err := isVersionRace(t, c.stored, c.change, c.end, func(db *testdb.DB) error {
				_, err := db.ChangePerson(t.Context(), nobody, "A", c.patch)
				return err
			})
			wantOutcome(t, err, c.want)
			wantText(t, after, nil, c.after)
		})
	}
}

func TestAPersonMadeActiveMeanwhileIsNotDeleted(t *testing.T) {
	t.Parallel()
	after, err := isVersionRace(t, `{"active": false}`, `{"active": true}`, "COMMIT", func(db *testdb.DB) error {
		return db.DeletePerson(t.Context(), nobody, "A")
	})
	wantKind(t, err, fed.Invalid)
	wantText(t, after, nil, `{"active": true}`)
}

func TestAPersonMadeInactiveMeanwhileIsDeleted(t *testing.T) {
	t.Parallel()
	after, err := isVersionRace(t, `{"active": true}`, `{"active": false}`, "COMMIT", func(db *testdb.DB) error {
		return db.DeletePerson(t.Context(), nobody, "A")
	})
	wantText(t, after, err, `gone`)
}

func TestAPersonWhoGetsAPageMeanwhileIsNotDeleted(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`UPDATE people SET data = '{"active": false}' WHERE id = 'B'`)
	release := db.Hold(`INSERT INTO pols (id, book, data) VALUES ('2', 'B', '{}')`)
	done := make(chan error)
	go func() { done <- db.DeletePerson(t.Context(), nobody, "B") }()
	db.AwaitWaiting(1)
	release("COMMIT")
	wantKind(t, <-done, fed.Conflict)
}
