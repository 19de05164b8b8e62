// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
)

func TestAPersonIsStoredWithWhatIsFilledInAndAnsweredWithoutThePassword(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	data, filled := fed.Record(`{"id": "a", "name": "Ana", "password": "p"}`), fed.Record(`{"id": "A", "password": "h"}`)
	stored, created, err := db.CreatePerson(t.Context(), nobody, "A", data, filled)
	wantRecord(t, stored, err, personA)
	if !created {
		t.Error("not created")
	}
	wantText(t, db.Text(`SELECT data::text FROM people WHERE id = 'A'`), nil, `{"id": "A", "name": "Ana", "password": "h"}`)
	record, err := db.For(fed.Operator).Person(t.Context(), "A")
	wantRecord(t, record, err, personA)
}

func TestAPersonWhoExistsIsNotCreatedAgain(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	stored, created, err := db.CreatePerson(t.Context(), nobody, "A", fed.Record(`{"name": "Eve"}`), nothing)
	if stored.Record != nil || created || err != nil {
		t.Errorf("got %s, %v, %v", stored.Record, created, err)
	}
	wantText(t, db.Text(`SELECT data::text FROM people WHERE id = 'A'`), nil, personA)
}

// Whether the password is the same too, only bcrypt can say: the hash is given
// to whoever asks it.
func TestACreationIsRepeatedByTheContentOfNowAndOfThenWhateverThePassword(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"id": "A", "n": 1.0, "password": "first"}'), ('N', '{"password": null}'),
		('NULL', NULL), ('TEXT', '"x"')`)
	for _, patch := range []string{`{"password": "second"}`, `{"a": 1}`, `{"a": 2, "password": "third"}`} {
		db.Exec(`UPDATE people SET data = data || $1 WHERE id = 'A'`, patch)
	}
	const now = `{"a": 2, "n": 1.0, "id": "A"}`
	for _, c := range []struct{ id, data, filled, want, hash string }{
		{"A", `{"n": 1}`, `{"id": "A"}`, now, "third"},
		{"A", `{"n": 1, "password": "sent"}`, `{"id": "A", "password": "filled"}`, now, "third"},
		{"A", `{"n": 1, "a": 2}`, `{"id": "A"}`, now, "third"},
		{"A", `{"n": 1, "a": 1}`, `{"id": "A"}`, "", ""},
		{"A", `{"n": 2}`, `{"id": "A"}`, "", ""},
		{"A", `{}`, `{}`, "", ""},
		{"N", `{}`, `{}`, "{}", ""},
		{"NULL", `{}`, `{}`, "", ""},
		{"TEXT", `{}`, `{}`, "", ""},
		{"nobody", `{}`, `{}`, "", ""},
	} {
		t.Run(c.id, func(t *testing.T) {
			got, err := db.RepeatedPerson(t.Context(), nobody, c.id, fed.Record(c.data), fed.Record(c.filled))
			if string(got.Stored.Record) != c.want || got.Hash != c.hash || got.Same != (c.want != "") || err != nil {
				t.Errorf("%s %s: got %s, %q, %v, %v", c.id, c.data, got.Stored.Record, got.Hash, got.Same, err)
			}
			if got.Known != (c.id != "nobody") {
				t.Errorf("%s: known is %v", c.id, got.Known)
			}
		})
	}
}

func TestNoHashIsKeptBeyondItsTime(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"id": "A", "password": "first"}')`)
	db.Exec(`UPDATE people SET data = data || '{"password": "second"}'`)
	db.Exec(`UPDATE people SET data = data || '{"password": "third", "name": "Ana"}'`)
	wantText(t, db.Text(`SELECT concat_ws(' ', data, creation) FROM people`), nil,
		`{"id": "A", "name": "Ana", "password": "third"} {"id": "A"}`)
}

func TestDataThatIsNoObjectIsNoPersonAndInNoList(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('NULL', NULL), ('null', 'null'), ('LIST', '["password"]'), ('TEXT', '"password"')`)
	for _, id := range []string{"NULL", "null", "LIST", "TEXT", "nobody"} {
		_, err := db.For(fed.Operator).Person(t.Context(), id)
		wantKind(t, err, fed.NotFound)
	}
	if err := db.For(fed.Operator).EachPerson(t.Context(), eager, func(r fed.Record) error { return errors.New("got " + string(r)) }); err != nil {
		t.Error(err)
	}
}

func TestEverybodyIsListedWithoutPasswords(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`UPDATE people SET data = data || '{"password": "h"}'`)
	var got []string
	err := db.For(fed.Operator).EachPerson(t.Context(), eager, func(r fed.Record) error {
		got = append(got, string(r))
		return nil
	})
	if diff := cmp.Diff(map[string]bool{personA: true, `{"id": "B"}`: true}, set(got)); diff != "" || err != nil {
		t.Errorf("%v: %s", err, diff)
	}
}

func TestAListIsHandedOnWhileTheDatabaseStillSendsIt(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT n, jsonb_build_object('long', repeat('x', 1000000)) FROM generate_series(1, 16) AS n`)
	const sending = `SELECT count(*)::text FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'thalamus' AND state = 'active'`
	enough := errors.New("enough")
	taken := 0
	err := db.For(fed.Operator).EachPerson(t.Context(), eager, func(fed.Record) error {
		if taken++; taken == 1 { // the first piece, which is read as a record is
			return nil
		}
		wantText(t, db.Text(sending), nil, "1")
		return enough
	})
	if err != enough || taken != 2 { //nolint:errorlint // the very same
		t.Errorf("took %d, got %v", taken, err)
	}
}

func TestAListEndsWithItsRequest(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := db.For(fed.Operator).EachPerson(ctx, eager, func(fed.Record) error { return errors.New("taken") })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func set(names []string) map[string]bool {
	all := map[string]bool{}
	for _, name := range names {
		all[name] = true
	}
	return all
}

func TestACreationIsNotRepeatedWhereSomethingElseStandsNow(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`UPDATE people SET data = '[1]' WHERE id = 'A'`)
	got, err := db.RepeatedPerson(t.Context(), nobody, "A", fed.Record(personA), nothing)
	if got.Same || !got.Known || err != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}
