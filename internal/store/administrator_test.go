// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"errors"
	"fmt"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

const (
	tail       = "cjrKVGYEKUwCmVDCtEnwcegcrmECTmeBz526AAD/ZqMGPWFpHJ4FW"
	usableHash = "$2b$12$" + tail
	chief      = `{"roles": ["end_user", "root"], "password": "` + usableHash + `"}`
)

// guarded is a write where the roles root and registrar administer accounts.
var guarded = fed.Write{Account: "DR", Administrators: []string{"registrar", "root"}}

// someAdministrator is what somebody may change who administers accounts.
func someAdministrator(patch string) store.PersonChange {
	return store.PersonChange{Patch: fed.Record(patch), Administers: true}
}

func addPerson(db *testdb.DB, id, data string) {
	db.Exec(`INSERT INTO people (id, data) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET data = excluded.data`, id, data)
}

// losing are the changes by which an administrator is one no longer.
var losing = []string{
	`{"active": false}`, `{"roles": ["end_user"]}`, `{"roles": []}`, `{"roles": ["head of root"]}`, `{"password": null}`, `{"password": ""}`,
	`{"password": "` + usableHash[1:] + `"}`, `{"password": "$2b$17$` + tail + `"}`, `{"name": "Ana", "active": false}`,
}

// helpless are people by whom the others would be left alone.
var helpless = []string{
	`null`, `5`, `{}`, `{"roles": ["root"]}`, `{"roles": ["end_user"], "password": "` + usableHash + `"}`,
	`{"roles": ["root"], "password": "$2b$12$weak"}`, `{"roles": ["root"], "password": "$2b$17$` + tail + `"}`, `{"roles": ["root"], "password": ["` + usableHash + `"]}`,
	`{"roles": ["root"], "active": false, "password": "` + usableHash + `"}`, `{"roles": ["root"], "active": "yes", "password": "` + usableHash + `"}`,
	`{"roles": "root", "password": "` + usableHash + `"}`, `{"roles": {"root": 1}, "password": "` + usableHash + `"}`, `{"roles": ["Root"], "password": "` + usableHash + `"}`,
}

func TestTheLastAdministratorStaysOne(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	addPerson(db, "A", chief)
	for _, other := range helpless {
		addPerson(db, "B", other)
		for _, patch := range losing {
			_, err := db.ChangePerson(t.Context(), guarded, "A", someAdministrator(patch))
			if !errors.Is(err, store.ErrLastAdministrator) || fed.KindOf(err) != fed.Conflict {
				t.Errorf("%s beside %s: %v", patch, other, err)
			}
		}
	}
	wantText(t, db.Text(`SELECT data::text FROM people WHERE id = 'A'`), nil, db.Text(`SELECT $1::jsonb::text`, chief))
	wantTold(t, db, "person", "A", "create 1 A - - - postgres")
}

func TestAnAdministratorBesideAnotherMayGo(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, other := range []string{chief, `{"roles": ["registrar"], "active": null, "password": "$2y$04$` + tail + `"}`, `{"roles": [7, "root"], "active": true, "password": "` + usableHash + `"}`} {
		addPerson(db, "B", other)
		for _, patch := range losing {
			addPerson(db, "A", chief)
			if _, err := db.ChangePerson(t.Context(), guarded, "A", someAdministrator(patch)); err != nil {
				t.Errorf("%s beside %s: %v", patch, other, err)
			}
		}
	}
}

func TestTheLastAdministratorMayBeChangedOtherwise(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, patch := range []string{
		`{}`, `{"name": "Ana"}`, `{"active": true}`, `{"active": null}`, `{"roles": ["registrar"]}`, `{"roles": ["root", "nurse"]}`,
		`{"password": "$2a$10$` + tail + `"}`, `{"active": true, "roles": ["root"], "password": "` + usableHash + `"}`,
	} {
		addPerson(db, "A", chief)
		if _, err := db.ChangePerson(t.Context(), guarded, "A", someAdministrator(patch)); err != nil {
			t.Errorf("%s: %v", patch, err)
		}
	}
}

// Somebody who is none already, or where nobody asks, is changed as anybody.
func TestWhereThereIsNoAdministratorNoneIsKept(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, data := range helpless[2:] {
		addPerson(db, "A", data)
		if _, err := db.ChangePerson(t.Context(), guarded, "A", someAdministrator(`{"roles": [], "active": false}`)); err != nil {
			t.Errorf("%s: %v", data, err)
		}
	}
	addPerson(db, "A", chief)
	_, err := db.ChangePerson(t.Context(), nobody, "A", someAdministrator(`{"roles": []}`))
	must(t, err)
}

// A refusal of other reasons comes first: it tells nothing of who administers.
func TestWithoutTheGrantNothingIsSaidOfAdministrators(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	addPerson(db, "A", chief)
	for _, change := range []store.PersonChange{{Patch: fed.Record(`{"active": false}`)}, {Patch: fed.Record(`{"password": null}`), Password: true}} {
		_, err := db.ChangePerson(t.Context(), guarded, "A", change)
		wantKind(t, err, fed.Forbidden)
	}
}

// takingAway are two changes, each of which leaves the other's person.
func takingAway(t *testing.T, db *testdb.DB) map[string]func() error {
	demote := func(id string) error {
		_, err := db.ChangePerson(t.Context(), guarded, id, someAdministrator(`{"roles": ["end_user"]}`))
		return err
	}
	eraseB := func() error { _, err := db.Erase(t.Context(), guarded, "B"); return err }
	return map[string]func() error{"demotes": func() error { return demote("B") }, "erases": eraseB, "first": func() error { return demote("A") }}
}

// Both have come so far that each would be let go beside the other.
func TestOfTwoWhoTakeEachOtherAwayOneStays(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	take := takingAway(t, testdb.At(t, db.URL+"&default_transaction_isolation=repeatable%20read"))
	for _, second := range []string{"demotes", "erases"} {
		addPerson(db, "A", chief)
		addPerson(db, "B", chief)
		release := db.Hold(`SELECT pg_advisory_xact_lock(x'7468616c'::int, 4)`)
		done := make(chan error, 2)
		go func() { done <- take["first"]() }()
		go func() { done <- take[second]() }()
		db.AwaitWaiting(2)
		release("COMMIT")
		one, other := soon(t, done), soon(t, done)
		if (one == nil) == (other == nil) || !errors.Is(errors.Join(one, other), store.ErrLastAdministrator) {
			t.Errorf("one demotes, one %s: %v and %v", second, one, other)
		}
		db.Exec(`DELETE FROM people`)
	}
}

func TestOfManyWhoDemoteEachOtherOneStays(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	const n = 20
	db.Exec(`INSERT INTO people (id, data) SELECT n::text, $1 FROM generate_series(0, $2 - 1) AS n`, chief, n)
	errs := atOnce(n, func(i int) error {
		_, err := db.ChangePerson(t.Context(), guarded, fmt.Sprint((i+1)%n), someAdministrator(losing[i%len(losing)]))
		return err
	})
	refused := 0
	for _, err := range errs {
		if err != nil {
			refused++
		}
	}
	if !errors.Is(errors.Join(errs...), store.ErrLastAdministrator) || refused != 1 {
		t.Errorf("%d are refused: %v", refused, errors.Join(errs...))
	}
}

func TestTheLastAdministratorIsNotErased(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	addPerson(db, "A", chief)
	for _, other := range helpless {
		addPerson(db, "B", other)
		if e, err := db.Erase(t.Context(), guarded, "A"); !errors.Is(err, store.ErrLastAdministrator) || e != (store.Erased{}) {
			t.Errorf("beside %s: %+v, %v", other, e, err)
		}
	}
	wantTold(t, db, "person", "A", "create 1 A - - - postgres")
	addPerson(db, "B", chief)
	for id, w := range map[string]fed.Write{"A": guarded, "B": nobody} { // nobody asks
		if _, err := db.Erase(t.Context(), w, "A"); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestAnAdministratorIsActiveAndNotDeleted(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	addPerson(db, "A", chief)
	wantKind(t, db.DeletePerson(t.Context(), guarded, "A"), fed.Invalid)
}

func TestAnAdministratorIsNotLoadedOver(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	addPerson(db, "A", chief)
	results, err := db.Load(t.Context(), []store.LoadRow{{Resource: "person", ID: "A", Data: fed.Record(`{"roles": []}`)}}, func() error { return nil })
	must(t, err)
	if results[0].Kind != store.LoadRefused {
		t.Errorf("the result is %+v", results[0])
	}
	wantText(t, db.Text(`SELECT data::text FROM people WHERE id = 'A'`), nil, db.Text(`SELECT $1::jsonb::text`, chief))
}

// The database knows what a login compares with.
func TestAPasswordThatCountsIsOneThatALoginIsComparedWith(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	hashes := []string{"", "plain", usableHash + "\n", usableHash + "a", "x" + usableHash, "$2b$12$" + tail[1:] + "ñ", "$2b$1$" + tail, "$2b$1a$" + tail, "$2b$012$" + tail, "2b$12$" + tail, "$2b$12$" + tail[1:] + "\n"}
	for _, kind := range []string{"a", "b", "y", "x", "B", ""} {
		for cost := range 100 {
			hashes = append(hashes, fmt.Sprintf("$2%s$%02d$%s", kind, cost, tail))
		}
	}
	var usable int
	addPerson(db, "A", chief)
	for _, hash := range hashes {
		_, err := db.ChangePerson(t.Context(), nobody, "A", someAdministrator(`{"active": true, "password": `+string(fed.AppendText(nil, hash))+`}`))
		must(t, err)
		_, err = db.ChangePerson(t.Context(), guarded, "A", someAdministrator(`{"active": false}`))
		if refused := errors.Is(err, store.ErrLastAdministrator); refused != record.IsUsable(hash) {
			t.Errorf("%q: usable %t, kept %t", hash, record.IsUsable(hash), refused)
		}
		if record.IsUsable(hash) {
			usable++
		}
	}
	if usable != 3*13 {
		t.Errorf("%d are usable", usable)
	}
}
