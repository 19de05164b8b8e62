// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// home is a database that is not there yet, in the tests' cluster.
func home(t *testing.T, name string) (store.Provisioner, *testdb.DB) {
	t.Helper()
	db := testdb.At(t, testdb.Empty(t))
	conn := testdb.Connect(t, db.URL)
	t.Cleanup(func() {
		for _, what := range []string{`DATABASE`, `ROLE`} {
			if _, err := conn.Exec(context.Background(), `DROP `+what+` IF EXISTS `+name); err != nil {
				t.Error(err)
			}
		}
	})
	return store.Provisioner{Superuser: db.URL, User: name, Database: name}, db
}

func wantProvided(t *testing.T, h store.Provisioner, want bool) {
	t.Helper()
	if got, err := h.IsProvisioned(t.Context()); got != want || err != nil {
		t.Errorf("provided: %v, %v", got, err)
	}
}

func TestADatabaseIsProvidedOnceAndItsUserCanMigrateIt(t *testing.T) {
	h, _ := home(t, "provided")
	wantProvided(t, h, false)
	for range 2 {
		if err := h.Provision(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantProvided(t, h, true)
	}

	owner := testdb.At(t, on("public", urlOf(h))) // where a new database has it
	if _, err := owner.Migrate(t.Context()); err != nil {
		t.Error(err)
	}
	got := owner.Text(`SELECT concat_ws(' ', pg_encoding_to_char(encoding), datcollate, datctype,
		has_schema_privilege('public', 'public', 'CREATE')) FROM pg_database WHERE datname = current_database()`)
	if want := "UTF8 C C.UTF-8 f"; got != want {
		t.Errorf("encoding, collation, character types, and whether everybody may create: %q, not %q", got, want)
	}
	owner.Close()
}

func TestProvidingAddsWhatIsMissing(t *testing.T) {
	h, super := home(t, "halfthere")
	super.Exec(`CREATE ROLE halfthere NOLOGIN`)
	wantProvided(t, h, false)
	if err := h.Provision(t.Context()); err == nil {
		t.Error("a user who may not log in was taken for ours")
	}
	super.Exec(`ALTER ROLE halfthere LOGIN`)
	wantProvided(t, h, false)
	if err := h.Provision(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantProvided(t, h, true)
}

func TestADatabaseOfSomebodyElseIsNotTaken(t *testing.T) {
	h, super := home(t, "theirs")
	super.Exec(`CREATE DATABASE theirs`)
	wantProvided(t, h, false)
	if err := h.Provision(t.Context()); err == nil || !strings.Contains(err.Error(), "belongs to postgres") {
		t.Errorf("got %v", err)
	}
	if got := super.Text(`SELECT count(*)::text FROM pg_roles WHERE rolname = 'theirs'`); got != "0" {
		t.Error("its user was made all the same")
	}
}

func TestWherePostgreSQLIsAwayThatIsSaid(t *testing.T) {
	t.Parallel()
	h := store.Provisioner{Superuser: "postgres:///postgres?host=" + t.TempDir(), User: "x", Database: "x"}
	if _, err := h.IsProvisioned(t.Context()); !errors.Is(err, store.ErrAway) {
		t.Errorf("got %v", err)
	}
}

// urlOf is where the home's user finds it.
func urlOf(h store.Provisioner) string {
	_, rest, _ := strings.Cut(h.Superuser, "?")
	return "postgres:///" + h.Database + "?" + strings.Replace(rest, "user=postgres", "user="+h.User, 1)
}
