// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import "strings"

// As gives the URL of this database for another database user, which is made if
// need be and owns nothing. Users and their settings belong to all databases of
// the test binary, grants to this one: a test that limits a user's connections
// names a user of its own.
func (db *DB) As(user string) (url string) {
	db.t.Helper()
	db.Exec(`DO $$ BEGIN CREATE ROLE ` + user + ` LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$`)
	return strings.Replace(db.URL, "user=postgres", "user="+user, 1)
}
