// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"errors"
	"strings"
	"testing"

	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

func TestCheckRefusesADatabaseThatWasNeverMigrated(t *testing.T) {
	t.Parallel()
	err := testdb.At(t, testdb.Empty(t)).Check(t.Context())
	wantMisfit(t, err, "of the migrations")
}

func TestCheckRefusesADatabaseThatLacksTheLastStep(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`DELETE FROM thalamus_migrations WHERE number = (SELECT max(number) FROM thalamus_migrations)`)
	err := db.Check(t.Context())
	wantMisfit(t, err, "it lacks 1 of the migrations")
	if !errors.Is(err, store.ErrOlder) {
		t.Error("it is not an older one")
	}
}

// No program can mend these, so migrating is refused like checking.
func TestADatabaseOfAnotherProgramIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ change, message string }{
		"a newer one": {
			`INSERT INTO thalamus_migrations (number, name, checksum) SELECT max(number) + 1, 'later', '' FROM thalamus_migrations`,
			"newer thalamus",
		},
		"a changed step": {
			`UPDATE thalamus_migrations SET checksum = md5(checksum) WHERE number = 2`,
			"migration 0002_owner_indexes is not this program's 0002_owner_indexes",
		},
		"a step under another number": {
			`UPDATE thalamus_migrations SET number = 2000 WHERE number = (SELECT max(number) FROM thalamus_migrations)`,
			"its migration 2000_",
		},
		"a gap": {
			`DELETE FROM thalamus_migrations WHERE number = 1`,
			"migration 0002_owner_indexes is not this program's 0001_federation_tables",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := testdb.New(t)
			db.Exec(c.change)
			err := db.Check(t.Context())
			wantMisfit(t, err, c.message)
			if errors.Is(err, store.ErrOlder) {
				t.Error("it counts as an older one")
			}
			before := db.Text(ledger)
			_, err = db.Migrate(t.Context())
			wantMisfit(t, err, c.message)
			wantText(t, db.Text(ledger), nil, before)
		})
	}
}

func TestCheckDoesNotTakeAnUnreadableLedgerForAnAbsentOne(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	reader := testdb.At(t, db.As("stranger"))
	if err := reader.Check(t.Context()); err == nil || errors.Is(err, store.ErrSchema) {
		t.Errorf("got %v", err)
	}
}

func wantMisfit(t *testing.T, err error, message string) {
	t.Helper()
	if !errors.Is(err, store.ErrSchema) || !strings.Contains(err.Error(), message) {
		t.Errorf("got %v, want %q", err, message)
	}
}
