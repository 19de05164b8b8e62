// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
)

// failOften makes the first insertions of a unit fail with a SQLSTATE, and the others succeed.
func failOften(db *testdb.DB, sqlstate string, times int) {
	db.Exec(`CREATE SEQUENCE IF NOT EXISTS tries`)
	db.Exec(`ALTER SEQUENCE tries RESTART`)
	db.Exec(fmt.Sprintf(`CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
		IF nextval('tries') <= %d THEN RAISE EXCEPTION USING ERRCODE = '%s'; END IF;
		RETURN NEW;
	END$$`, times, sqlstate))
	db.Exec(`CREATE OR REPLACE TRIGGER fail BEFORE INSERT ON dus FOR EACH ROW EXECUTE FUNCTION fail()`)
}

func createUnit(t *testing.T, db *testdb.DB, id string) (created bool, err error) {
	_, created, err = db.Registry(fed.Unit).Create(t.Context(), fed.Write{Request: id}, id, fed.Record(`{"a": 1}`), nothing)
	return created, err
}

// The database has done nothing, or has perhaps: the answer is that of a later run.
func TestATransactionThatTheDatabaseGaveUpIsRunAgain(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, sqlstate := range []string{"40001", "40P01", "25006", "26000", "42P05", "57P01", "57P02", "57P03", "08006"} {
		failOften(db, sqlstate, 2)
		if created, err := createUnit(t, db, sqlstate); !created || err != nil {
			t.Errorf("%s: created %t, %v", sqlstate, created, err)
		}
	}
}

// Trying again would make it worse, or nothing better.
func TestAnErrorThatLastsIsToldAtOnce(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, sqlstate := range []string{"57014", "55P03", "53100", "53200", "53400", "58030", "XX000"} {
		failOften(db, sqlstate, 1)
		_, err := createUnit(t, db, sqlstate)
		wantLater(t, err)
		wantText(t, db.Text(`SELECT last_value::text FROM tries`), nil, "1")
	}
}

// A list that has begun goes on behind the last record, over another connection.
func TestAListWhoseConnectionsAreCutComesWhole(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	const n = 60
	db.Exec(`INSERT INTO people (id, data) SELECT 'P' || n, jsonb_build_object('id', 'P' || n, 'long', repeat('x', 200000)) FROM generate_series(1, ` + fmt.Sprint(n) + `) AS n`)
	taken := map[string]int{}
	must(t, db.For(fed.Operator).EachPerson(t.Context(), eager, func(r fed.Record) error {
		id, _, _ := strings.Cut(strings.TrimPrefix(string(r), `{"id": "`), `"`)
		taken[id]++
		if len(taken)%10 == 3 {
			db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'thalamus'`)
		}
		return nil
	}))
	for id, times := range taken {
		if times != 1 {
			t.Errorf("%s came %d times", id, times)
		}
	}
	if len(taken) != n {
		t.Errorf("%d came", len(taken))
	}
}

// A request that has waited long enough is told so.
func TestAWriteWaitsForTheDatabaseAsLongAsItsRequest(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	failOften(db, "57P03", 1_000_000)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, _, err := db.Registry(fed.Unit).Create(ctx, fed.Write{Request: "one"}, "U", fed.Record(`{"a": 1}`), nothing)
	wantLater(t, err)
}
