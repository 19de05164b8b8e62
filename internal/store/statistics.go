// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// Nobody is to be found in a count: one that is about fewer persons than fewestPersons is not told,
// and any other is rounded to a multiple of countStep, so that those that are not told do not follow
// from the others. Hospitals' statistics of the NHS in England go by the same two numbers.
const (
	fewestPersons = 8
	countStep     = 5
)

// told is the count of a group, or NULL. A person is counted once, but a person's pages may be in
// several rows: no fewer persons than in one of them are sure.
var told = fmt.Sprintf(`CASE WHEN CASE $1 WHEN 'person' THEN sum(persons) ELSE max(persons) END >= %[1]d
			THEN (round(sum(count) / %[2]d) * %[2]d)::bigint END`, fewestPersons, countStep)

// MaxCounts is how many counts an answer has at most.
const MaxCounts = 10_000

// StatisticsSubjects are what can be counted.
var StatisticsSubjects = []string{"person", "page"}

// Dimensions are what persons and pages can be counted by.
var Dimensions = []string{"institution", "month", "kind"}

// StatisticsQuery says what is counted.
type StatisticsQuery struct {
	Subject     string     // one of StatisticsSubjects
	By          []string   // of Dimensions; none: all in one
	Institution string     // "": any
	Kind        string     // "": any
	From, To    *time.Time // the first and the last month
}

// Count is how many persons or pages there are of some institution, month and kind.
type Count struct {
	Institution *string    // of those that it was asked by; "": none that is registered
	Month       *time.Time // nil: not known, or not asked by
	Kind        *string
	Count       *int64 // rounded; nil: too few persons
}

// Statistics are counts, and when they were made.
type Statistics struct {
	Counted time.Time
	Counts  []Count // by institution, month and kind
}

// Statistics counts persons or pages as they were a while ago. More counts than MaxCounts are an
// error of kind fed.Invalid; before the first count was made it is fed.Unavailable.
func (db *DB) Statistics(ctx context.Context, q StatisticsQuery) (s Statistics, err error) {
	all, err := db.StatisticsOf(ctx, []StatisticsQuery{q})
	if err != nil {
		return s, err
	}
	return all[0], nil
}

// StatisticsOf is Statistics of several questions, which go to the database together.
func (db *DB) StatisticsOf(ctx context.Context, queries []StatisticsQuery) (all []Statistics, err error) {
	const counted = `SELECT counted FROM thalamus_statistics_state`
	var at *time.Time
	var batch pgx.Batch
	batch.Queue(counted).QueryRow(func(row pgx.Row) error { return row.Scan(&at) })
	all = make([]Statistics, len(queries))
	for i, q := range queries {
		batch.Queue(q.statement(), q.Subject, q.Institution, q.Kind, q.From, q.To, MaxCounts+1).Query(func(rows pgx.Rows) (err error) {
			all[i].Counts, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Count])
			return err
		})
	}

	one := pgx.TxOptions{IsoLevel: pgx.RepeatableRead} // count
	err = db.pool.Read(ctx, one, func(tx pgx.Tx) error { return tx.SendBatch(ctx, &batch).Close() })
	if err != nil {
		return nil, classify(err)
	}
	if at == nil {
		return nil, fed.Errorf(fed.Unavailable, "The first count is being made. Ask again in a moment.")
	}

	for i := range all {
		if len(all[i].Counts) > MaxCounts {
			return nil, fed.Errorf(fed.Invalid, "These are too many counts. Ask for fewer months or for one institution.")
		}
		all[i].Counted = *at
	}
	return all, nil
}

func (q StatisticsQuery) statement() string {
	columns := slices.Clone(Dimensions)
	for i, name := range columns {
		if !slices.Contains(q.By, name) {
			columns[i] = "NULL"
		}
	}

	group := ""
	if len(q.By) > 0 {
		group = "GROUP BY " + strings.Join(q.By, ", ")
	}

	return `SELECT ` + columns[0] + `::text, ` + columns[1] + `::date, ` + columns[2] + `::text,
			` + told + `
		FROM thalamus_statistics
		WHERE subject = $1 AND ($2 = '' OR institution = $2) AND ($3 = '' OR kind = $3)
			AND ($4::date IS NULL OR month >= $4) AND ($5::date IS NULL OR month <= $5)
		` + group + ` HAVING sum(count) > 0 ORDER BY 1, 2, 3 LIMIT $6`
}
