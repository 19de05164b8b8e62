// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// Counting reads every person and page. So that it takes little of a database's time, it pauses
// for this many times as long as it took, and for countEvery at least.
const (
	countPause = 50
	countEvery = time.Minute
)

// phoneNode is what the phone app calls itself, in place of an institution.
const phoneNode = "mygnuhealth"

// countPersons and countPages give a row for each institution, month and kind. A node is named only if
// an institution of that id or name is registered: anybody may write any text there, also a name.
var (
	countPersons = registered + `
		SELECT 'person', COALESCE(name, ''), month, kind, sum(count)::bigint, sum(count)::bigint FROM (
			SELECT COALESCE(thalamus_node(data, 'creation_info'), thalamus_node(data, 'modification_info')) AS node, ` + monthOf + `,
				CASE WHEN NOT (` + canLogIn + `) THEN 'no_account' WHEN ` + isActive + ` THEN 'active' ELSE 'closed' END AS kind, count(*) AS count
			FROM (SELECT data, COALESCE(thalamus_page_time(jsonb_build_object('page_date', data -> 'creation_info' -> 'timestamp')),
					time AT TIME ZONE 'UTC') AS at
				FROM people LEFT JOIN thalamus_changes AS c ON c.id = people.id AND resource = 'person' AND c.version = 1 AND part = 0 AND operation = 'create'
			) AS persons GROUP BY 1, 2, 3
		) AS counted LEFT JOIN registered ON name = node GROUP BY 2, 3, 4`
	countPages = registered + `
		SELECT 'page', COALESCE(name, ''), month, kind, sum(count)::bigint, max(persons) FROM (
			SELECT COALESCE(thalamus_node(data, 'creation_info'), thalamus_node(data, 'modification_info'), thalamus_node(data)) AS node, ` + monthOf + `,
				` + kindOf + ` AS kind, count(*) AS count, count(DISTINCT book) AS persons
			FROM (SELECT book, data, page_time AS at FROM pols) AS pages GROUP BY 1, 2, 3
		) AS counted LEFT JOIN registered ON name = node GROUP BY 2, 3, 4`

	registered = `WITH registered AS (
			SELECT id::text AS name FROM institutions UNION SELECT data ->> 'name' FROM institutions UNION SELECT $1
		)`
	monthOf = `CASE WHEN at >= '1900-01-01' AND at < now() + interval '1 year' THEN date_trunc('month', at)::date END AS month`
)

// kindOf is the kind of a page of "data", one of $2: the first that one of its keys names. A phone
// writes context and domain, a hospital the others.
var kindOf = func() string {
	var kinds []string
	for _, key := range []string{"context", "medical_context", "social_context", "domain", "page_type"} {
		kinds = append(kinds, fmt.Sprintf(`CASE WHEN data ->> '%[1]s' = ANY ($2) THEN data ->> '%[1]s' END`, key))
	}
	return `COALESCE(` + strings.Join(kinds, ", ") + `, 'other')`
}()

// KeepStatistics counts persons and pages again and again until ctx ends. Of several servers
// one counts. It reports an error, and tries again.
func (db *DB) KeepStatistics(ctx context.Context, report func(error)) {
	report = sampledReport(report)
	for ctx.Err() == nil {
		begun, pause := time.Now(), countEvery/4
		err := db.CountStatistics(ctx)
		if err != nil && ctx.Err() == nil {
			report(err)
			pause = max(pause, countPause*time.Since(begun)) // it may fail in its end, each time
		}
		pg.Pause(ctx, pause)
	}
}

// CountStatistics counts persons and pages if it is time, something has changed, no other server
// counts now, and the database is none that can only be read, as a standby.
func (db *DB) CountStatistics(ctx context.Context) error {
	err := db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) error {
		return pgx.BeginTxFunc(ctx, conn, countTxOptions, func(tx pgx.Tx) error { return countStatistics(ctx, tx) })
	})
	return classify(err)
}

// countTxOptions are those of a transaction that reads for long, and writes only in its end: one that
// has written holds up the feed's bookkeeping.
var countTxOptions = pgx.TxOptions{BeginQuery: `BEGIN ISOLATION LEVEL REPEATABLE READ; ` + noTimeouts}

func countStatistics(ctx context.Context, tx pgx.Tx) error {
	const q = `SELECT NOT ` + canOnlyRead + ` AND pg_try_advisory_xact_lock(x'7468616c'::int, 5)
		AND (counted IS NULL OR counted + greatest($1::interval, $2 * took) < now() AND seq IS DISTINCT FROM (SELECT max(seq) FROM thalamus_changes))
		FROM thalamus_statistics_state`
	due := false
	err := tx.QueryRow(ctx, q, countEvery, countPause).Scan(&due)
	if err != nil || !due {
		return err
	}

	begun := time.Now()
	persons, err := readCounts(ctx, tx, countPersons, phoneNode)
	if err != nil {
		return err
	}
	pages, err := readCounts(ctx, tx, countPages, phoneNode, fed.PageKinds())
	if err != nil {
		return err
	}
	return storeCounts(ctx, tx, append(persons, pages...), time.Since(begun))
}

// readCounts gives the rows of a count, as the table has them.
func readCounts(ctx context.Context, tx pgx.Tx, query string, args ...any) ([][]any, error) {
	rows, _ := tx.Query(ctx, query, args...)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
}

func storeCounts(ctx context.Context, tx pgx.Tx, counts [][]any, took time.Duration) error {
	if _, err := tx.Exec(ctx, `DELETE FROM thalamus_statistics`); err != nil {
		return err
	}
	columns := []string{"subject", "institution", "month", "kind", "count", "persons"}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"thalamus_statistics"}, columns, pgx.CopyFromRows(counts)); err != nil {
		return err
	}

	const q = `UPDATE thalamus_statistics_state SET counted = now(), took = $1, seq = (SELECT max(seq) FROM thalamus_changes)`
	_, err := tx.Exec(ctx, q, took)
	return err
}
