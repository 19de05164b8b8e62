// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// What is in the database: persons who are end users, the first thousand with
// two pages each, and two accounts that may reach everybody.
const (
	persons = 100_000
	books   = 1_000
	node    = "ESPBENNODE01" // a hospital's, of a health professional
	root    = "ESPBENROOT01"
)

// password is everybody's; one hash for all, as the server cannot know it.
const (
	password      = "correct horse of the bench"
	passwordHash  = "$2a$12$cPw3tiYEZ6J/UUkQaWC1UOJSonjor.ACph12xMMqxH21vTImZ1puS" //nolint:gosec // guards nothing
	cheapHash     = "$2a$04$L0yzu0TnR8ztdvBdjbk9HubZnVRb8UWEsuKksl2dvsxkNdElLUdbi" //nolint:gosec // the same at cost 4
	otherPassword = "another horse of the bench"
	otherHash     = "$2a$12$IkBJiFrx57cfAn/1EbcMo.KKunRj1b2.bM9H9YTZOPFljG2mra.26"
)

// Each section takes persons of its own, from one of these numbers on.
const (
	firstAtBooks   = 1
	firstAtLogins  = 10_000
	firstAtSync    = 20_000
	firstAtCrowd   = 30_000
	firstAtVisible = 40_000
	firstAtReaders = 45_000
	firstAtEqual   = 50_000 // four kinds, ten thousand apart
	firstAtFlood   = 90_000
	firstAtAttack  = 95_000
)

func person(n int) string { return fmt.Sprintf("ESPBEN%06d", n) }

// pageText is a page as MyGNUHealth sends it, of nobody's book and without an id:
// both are to be replaced.
const (
	noBook   = "ESPBEN000000"
	noPage   = "00000000-0000-4000-8000-000000000000"
	pageText = `{"book": "` + noBook + `", "author": "Ana Betz", "author_acct": "` + noBook + `",` +
		` "page_date": "2024-05-01T10:11:12.123456", "age": "33y 6m 27d", "domain": "medical", "context": "self_monitoring",` +
		` "relevance": "normal", "privacy": false, "measurements": [{"bp": {"systolic": 120, "diastolic": 80}}, {"hr": 70}],` +
		` "genetic_info": null, "summary": null, "info": "Resting, before breakfast.", "node": "mygnuhealth", "fsynced": true,` +
		` "page": "` + noPage + `", "creation_info": {"user": "` + noBook + `", "timestamp": "2024-05-01T10:11:12.123456",` +
		` "node": "mygnuhealth"}, "id": "` + noPage + `"}`
)

// fill puts everybody into an empty database and lets PostgreSQL tidy up, so
// that it does not do so while it is measured.
func fill(ctx context.Context, db *pgx.Conn) error {
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{fillPersons, []any{persons, passwordHash}},
		{fillAccounts, []any{node, root, passwordHash}},
		{fillPages, []any{books, pageText}},
		{`VACUUM (ANALYZE)`, nil},
		{`CHECKPOINT`, nil},
	} {
		if _, err := db.Exec(ctx, step.sql, step.args...); err != nil {
			return fmt.Errorf("fill the database: %w", err)
		}
	}
	return nil
}

const fillPersons = `
INSERT INTO people (id, data)
SELECT id, jsonb_build_object('id', id, 'name', 'Ana', 'lastname', 'Betz ' || n, 'gender', 'f', 'dob', '1990-10-04',
	'ethnicity', 'latino', 'marital_status', 'married', 'education', 'tertiary', 'profession', 'teacher',
	'active', true, 'roles', '["end_user"]'::jsonb, 'password', $2::text,
	'modification_info', '{"node": "SPAIN-LASPALMAS-GNUSOLIDARIO-GRAL_HOSPITAL", "timestamp": "2018-11-06 19:24:10.123456",
		"user": "ITAPYT999HON"}'::jsonb)
FROM (SELECT n, 'ESPBEN' || lpad(n::text, 6, '0') AS id FROM generate_series(1, $1::int) AS n) AS numbered`

const fillAccounts = `
INSERT INTO people (id, data)
SELECT id, jsonb_build_object('id', id, 'roles', jsonb_build_array(role), 'active', true, 'password', $3::text)
FROM (VALUES ($1::text, 'health_professional'), ($2::text, 'root')) AS account (id, role)`

const fillPages = `
INSERT INTO pols (id, book, data)
SELECT page, book, replace(replace($2::text, '` + noBook + `', book), '` + noPage + `', page)::jsonb
FROM (SELECT gen_random_uuid()::text AS page, 'ESPBEN' || lpad(n::text, 6, '0') AS book
	FROM generate_series(1, $1::int) AS n, generate_series(1, 2)) AS numbered`
