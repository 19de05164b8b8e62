// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"thalamus/internal/program"
)

// An administrator has a queue of so many pairs, as far as there are persons, and of each person of the
// queue the access record knows a reading of the last month.
const (
	administrator = "ESPBENROOT01"
	queuedPairs   = 100_000
	readings      = 1_000_000
)

const fillAdministrator = `
INSERT INTO people (id, data)
VALUES ('` + administrator + `', '{"id": "` + administrator + `", "roles": ["root"], "active": true, "password": "` + passwordHash + `"}')`

// fillQueue takes the number of pairs.
const fillQueue = `
INSERT INTO thalamus_duplicates (person, other, doubt, found)
SELECT min(id COLLATE "C"), max(id COLLATE "C"), min(n) / 1e6, now() FROM (SELECT id, row_number() OVER () - 1 AS n FROM people LIMIT 2 * $1) AS numbered
GROUP BY n / 2 HAVING count(*) = 2 ON CONFLICT DO NOTHING`

// fillDecided has every tenth pair decided, one each twenty seconds.
const fillDecided = `
UPDATE thalamus_duplicates SET decided = 'apart', account = '` + administrator + `', time = now() - doubt * interval '1000000 seconds' WHERE (doubt * 1e6)::bigint % 20 = 0`

// fillReadings takes their number.
const fillReadings = `
INSERT INTO thalamus_access (time, seq, account, roles, method, endpoint, person, everybody, status, request, address)
SELECT date_trunc('month', now()) + (now() - date_trunc('month', now())) * random(), nextval('thalamus_access_seq'), 'READER' || n % 100, '{health_professional}',
	'GET', 'book', person, false, 200, 'request', '192.0.2.1'
FROM (SELECT person, row_number() OVER () AS n FROM thalamus_duplicates, generate_series(1, 10)) AS read LIMIT $1`

// fillCounts has them made just now, so that no server counts meanwhile.
const fillCounts = `
TRUNCATE thalamus_statistics;
INSERT INTO thalamus_statistics
SELECT subject, 'HOSPITAL ' || place, date '2026-01-01' - make_interval(months => month), kind, 100, 100
FROM unnest('{person,page}'::text[]) AS subject, generate_series(1, 100) AS place, generate_series(0, 23) AS month,
	unnest(CASE subject WHEN 'person' THEN '{active,closed,no_account}'::text[] ELSE '{birth,encounter,other}' END) AS kind;
UPDATE thalamus_statistics_state SET counted = now(), took = '1 day'`

const fillFollowers = `
INSERT INTO thalamus_followers SELECT id, position - 100, now() FROM thalamus_feed_state, (SELECT id FROM people LIMIT 100) AS chosen`

// office times what an administrator waits for in a browser.
func (x *index) office(ctx context.Context) error {
	if err := x.fillOffice(ctx); err != nil {
		return err
	}
	s, err := x.serveRecording(ctx)
	if err != nil {
		return err
	}
	visit, err := s.signIn(ctx, administrator)
	if err != nil {
		return err
	}

	person, other, place, err := x.middlePair(ctx)
	if err != nil {
		return err
	}
	for _, screen := range []struct{ name, path string }{
		{"Accounts", "admin/accounts"}, {"Accounts/q=name", "admin/accounts?q=maria+santana"}, {"Account", "admin/accounts/" + person},
		{"Duplicates", "admin/duplicates"}, {"Duplicates/part=middle", "admin/duplicates?after=" + place}, {"Pair", "admin/duplicates/" + person + "/" + other}, {"Decided", "admin/decided-duplicates"},
		{"Access/by=person", "admin/access?person=" + person}, {"Access/by=account", "admin/access?account=READER7"},
		{"Refusals", "admin/refusals"}, {"Followers", "admin/followers"}, {"Statistics", "statistics"},
	} {
		paths := slices.Repeat([]string{"/portal/" + screen.path}, x.searches)
		if err := x.openAll(ctx, visit, "Index/Portal/Admin/"+screen.name, paths); err != nil {
			return err
		}
	}
	return nil
}

// middlePair chooses a pair in the middle of the queue, and gives its place as the pager writes it.
func (x *index) middlePair(ctx context.Context) (person, other, place string, err error) {
	const q = `SELECT person, other, doubt::text FROM thalamus_duplicates WHERE decided IS NULL ORDER BY doubt LIMIT 1 OFFSET (SELECT count(*) / 2 FROM thalamus_duplicates)`
	var doubt string
	err = x.db.QueryRow(ctx, q).Scan(&person, &other, &doubt)
	if err != nil {
		return "", "", "", fmt.Errorf("choose a pair: %w", err)
	}
	return person, other, base64.RawURLEncoding.EncodeToString([]byte("0/" + doubt + "/" + person + "/" + other)), nil
}

// serveRecording is serve with the access record in a file, where it can be asked.
func (x *index) serveRecording(ctx context.Context) (*server, error) {
	cmd := program.Command(ctx, x.thalamus, x.db.url, "serve")
	cmd.Env = append(cmd.Env, "THALAMUS_ACCESS_RECORD="+filepath.Join(x.temp, "access.jsonl"))
	return x.start(ctx, cmd)
}

func (x *index) fillOffice(ctx context.Context) error {
	pairs := min(queuedPairs, x.persons/2)
	begun := time.Now()
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{fillAdministrator, nil}, {fillQueue, []any{pairs}}, {fillDecided, nil}, {`SELECT thalamus_access_month(now())`, nil}, {fillReadings, []any{min(readings, 10*pairs)}},
		{fillCounts, nil}, {fillFollowers, nil}, {`VACUUM (ANALYZE)`, nil},
	} {
		if _, err := x.db.Exec(ctx, step.sql, step.args...); err != nil {
			return fmt.Errorf("fill the office: %w", err)
		}
	}
	x.line("Index/FillOffice", pairs, perOp(time.Since(begun), pairs))
	return nil
}
