// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// Bounds of a piece of the measurements of a book.
const (
	measuredPages   = 500
	maxMeasurements = 16 << 10 // bytes of a page's measurements; more are not read
)

// MeasuredPage is a page of a book that has measurements.
type MeasuredPage struct {
	ID           string
	Date         string // as it is written; "" if it is no text
	Measurements []byte // as JSON; nil if they are too large to be read

	key BookKey
}

// hasMeasurements is true of pages whose measurements say anything.
const hasMeasurements = `COALESCE(data -> 'measurements', 'null') NOT IN ('null', '""', '[]', '{}')`

// EachMeasured hands on the pages of a book that have measurements, from a time on (zero: all),
// the newest first, and then those without a date that can be read. Pieces are read whole: no
// connection is held while take runs.
func (v View) EachMeasured(ctx context.Context, book string, from time.Time, take func(MeasuredPage) error) error {
	if err := v.db.eachMeasured(ctx, book, from, true, take); err != nil {
		return err
	}
	return v.db.eachMeasured(ctx, book, time.Time{}, false, take)
}

// eachMeasured hands on the pages that are dated, or those that are not.
func (db *DB) eachMeasured(ctx context.Context, book string, from time.Time, dated bool, take func(MeasuredPage) error) error {
	var after *BookKey
	for {
		pages, err := db.measured(ctx, book, from, dated, after)
		if err != nil {
			return err
		}

		for _, page := range pages {
			if err := take(page); err != nil {
				return err
			}
		}

		if len(pages) < measuredPages {
			return nil
		}
		after = &pages[len(pages)-1].key
	}
}

// measured reads a piece.
func (db *DB) measured(ctx context.Context, book string, from time.Time, dated bool, after *BookKey) ([]MeasuredPage, error) {
	args := parameters{book}
	where, undated := BookQuery{From: from, Descending: true}.places(&args, after)
	if !dated {
		where = undated
	}

	statement := `SELECT id, key, page_time, COALESCE(date, ''), CASE WHEN octet_length(measurements) <= ` + strconv.Itoa(maxMeasurements) + ` THEN measurements END FROM (
	SELECT id, ` + pageKey + ` AS key, page_time, CASE WHEN jsonb_typeof(data -> 'page_date') = 'string' THEN data ->> 'page_date' END AS date,
		(data -> 'measurements')::text AS measurements
	FROM pols WHERE book = $1::varchar AND ` + where + ` AND ` + visible(pageRows) + ` AND ` + hasMeasurements + `
	ORDER BY page_time DESC, key DESC LIMIT ` + strconv.Itoa(measuredPages) + `
) AS found ORDER BY page_time DESC, key DESC`
	rows, err := db.pool.Query(ctx, statement, args...)
	if err != nil {
		return nil, classify(err)
	}

	pages, err := pgx.CollectRows(rows, scanMeasured)
	return pages, classify(err)
}

func scanMeasured(row pgx.CollectableRow) (page MeasuredPage, err error) {
	var key string
	var moment *time.Time
	err = row.Scan(&page.ID, &key, &moment, &page.Date, &page.Measurements)
	page.key = newBookKey(key, moment)
	return page, err
}
