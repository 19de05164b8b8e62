// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

// owned is a database whose tables belong to a user who is no superuser.
func owned(t *testing.T) (db, owner *testdb.DB) {
	t.Helper()
	db = testdb.At(t, testdb.Empty(t))
	url := db.As("owner")
	db.Exec(`GRANT CREATE ON SCHEMA ` + testdb.Schema + ` TO owner`)
	owner = testdb.At(t, url)
	owner.Exec(pythonTables)
	return db, owner
}

func TestTheOwnerOfTheTablesCanMigrate(t *testing.T) {
	t.Parallel()
	_, owner := owned(t)
	if _, err := owner.Migrate(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAMigrationByAnotherThanTheOwnerIsToldSo(t *testing.T) {
	t.Parallel()
	for name, grant := range map[string]string{
		"who may create tables":   `GRANT CREATE ON SCHEMA ` + testdb.Schema + ` TO stranger`,
		"who may only use tables": `GRANT ALL ON ALL TABLES IN SCHEMA ` + testdb.Schema + ` TO stranger`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, owner := owned(t)
			stranger := testdb.At(t, db.As("stranger"))
			db.Exec(grant)
			_, err := stranger.Migrate(t.Context())
			if err == nil || !strings.Contains(err.Error(), "migrate as the owner of the tables") {
				t.Errorf("got %v", err)
			}
			if _, err := owner.Migrate(t.Context()); err != nil {
				t.Errorf("then the owner could not: %v", err)
			}
		})
	}
}

func TestWithNothingToMigrateNobodyNeedBeTheOwner(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	reader := testdb.At(t, db.As("reader"))
	db.Exec(`GRANT SELECT ON thalamus_migrations TO reader`)
	if steps, err := reader.Migrate(t.Context()); len(steps) != 0 || err != nil {
		t.Errorf("took the steps %v: %v", steps, err)
	}
}
