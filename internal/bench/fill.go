// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
)

// A filled database has persons who are end users, the first thousand of them with two
// pages each, and an account that may reach everybody.
const (
	persons = 10_000
	books   = 1_000
	node    = "ESPBENNODE01" // a hospital's, of a health professional
)

// password is everybody's. All share one hash, which the server has no way to notice.
const (
	password     = "correct horse of the bench"
	passwordHash = "$2a$12$cPw3tiYEZ6J/UUkQaWC1UOJSonjor.ACph12xMMqxH21vTImZ1puS" //nolint:gosec // guards nothing
)

// pageText is a page as MyGNUHealth sends it. Its book and id are placeholders, and the
// date may be replaced, too.
const (
	noBook   = "ESPBEN000000"
	noPage   = "00000000-0000-4000-8000-000000000000"
	noDate   = "2024-05-01T10:11:12.123456"
	pageText = `{"book": "` + noBook + `", "author": "Ana Betz", "author_acct": "` + noBook + `",` +
		` "page_date": "` + noDate + `", "age": "33y 6m 27d", "domain": "medical", "context": "self_monitoring",` +
		` "relevance": "normal", "privacy": false, "measurements": [{"bp": {"systolic": 120, "diastolic": 80}}, {"hr": 70}],` +
		` "genetic_info": null, "summary": null, "info": "Resting, before breakfast.", "node": "mygnuhealth", "fsynced": true,` +
		` "page": "` + noPage + `", "creation_info": {"user": "` + noBook + `", "timestamp": "` + noDate + `",` +
		` "node": "mygnuhealth"}, "id": "` + noPage + `"}`
)

// filled makes a database with everybody in it; the steps come first. PostgreSQL
// tidies up, so that it does not do so while it is measured.
func (b *bench) filled(ctx context.Context, name string, steps ...string) (database, error) {
	db, err := b.newDatabase(ctx, name)
	if err != nil {
		return db, err
	}

	for _, sql := range append(steps, fillPersons, fillAccount, fillPages, `VACUUM (ANALYZE)`, `CHECKPOINT`) {
		_, err := db.Exec(ctx, sql)
		if err != nil {
			return db, fmt.Errorf("fill the database %s: %w", name, err)
		}
	}
	return db, nil
}

var fillPersons = fmt.Sprintf(`
INSERT INTO people (id, data)
SELECT id, jsonb_build_object('id', id, 'name', 'Ana', 'lastname', 'Betz ' || n, 'gender', 'f', 'dob', '1990-10-04',
	'ethnicity', 'latino', 'marital_status', 'married', 'education', 'tertiary', 'profession', 'teacher',
	'active', true, 'roles', '["end_user"]'::jsonb, 'password', '%s',
	'modification_info', '{"node": "SPAIN-LASPALMAS-GNUSOLIDARIO-GRAL_HOSPITAL", "timestamp": "2018-11-06 19:24:10.123456",
		"user": "ITAPYT999HON"}'::jsonb)
FROM (SELECT n, 'ESPBEN' || lpad(n::text, 6, '0') AS id FROM generate_series(1, %d) AS n) AS numbered`, passwordHash, persons)

const fillAccount = `
INSERT INTO people (id, data)
VALUES ('` + node + `', '{"id": "` + node + `", "roles": ["health_professional"], "active": true, "password": "` + passwordHash + `"}')`

var fillPages = fmt.Sprintf(`
INSERT INTO pols (id, book, data)
SELECT page, book, replace(replace('%s', '%s', book), '%s', page)::jsonb
FROM (SELECT gen_random_uuid()::text AS page, 'ESPBEN' || lpad(n::text, 6, '0') AS book
	FROM generate_series(1, %d) AS n, generate_series(1, 2)) AS numbered`, pageText, noBook, noPage, books)
