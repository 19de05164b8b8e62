// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"strings"

	"thalamus/migrations"
)

// server is a database user who owns nothing, and may do in each migrated database what a server
// must.
const server = "server_user"

// grant gives the server's user its rights.
func (db *DB) grant() {
	db.t.Helper()
	db.Exec(strings.ReplaceAll(migrations.Grants, "TO thalamus;", "TO "+server+";"))
}

// as gives a URL for another user.
func as(url, user string) string { return strings.Replace(url, "user=postgres", "user="+user, 1) }

// As gives the URL of this database for another database user, which is made if
// need be and owns nothing. Users and their settings belong to all databases of
// the test binary, grants to this one: a test that limits a user's connections
// names a user of its own.
func (db *DB) As(user string) (url string) {
	db.t.Helper()
	db.Exec(`DO $$ BEGIN CREATE ROLE ` + user + ` LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$`)
	return as(db.URL, user)
}
