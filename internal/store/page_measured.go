// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"strconv"
	"time"
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
}

// hasMeasurements is true of pages whose measurements say anything.
const hasMeasurements = `COALESCE(data -> 'measurements', 'null') NOT IN ('null', '""', '[]', '{}')`

// EachMeasured hands on the pages of a book that have measurements, from a time on (zero: all),
// the newest first, and then those without a date that can be read. Pieces are read whole: no
// connection is held while take runs.
func (v View) EachMeasured(ctx context.Context, book string, from time.Time, take func(MeasuredPage) error) error {
	l := measuredList{view: v, book: book, from: from, pages: make([]MeasuredPage, 0, measuredPages)}
	if err := l.each(ctx, take); err != nil {
		return err
	}

	l.undated, l.from, l.after = true, time.Time{}, nil
	return l.each(ctx, take)
}

// measuredList is such pages that are read in pieces.
type measuredList struct {
	view    View
	book    string
	from    time.Time
	undated bool           // those without a date; else those with one
	after   *BookKey       // the place of the last one; nil: none was read
	pages   []MeasuredPage // the piece, which the next one overwrites
}

func (l *measuredList) each(ctx context.Context, take func(MeasuredPage) error) error {
	for more := true; more; more = len(l.pages) == measuredPages {
		if err := l.read(ctx); err != nil {
			return err
		}

		for _, page := range l.pages {
			if err := take(page); err != nil {
				return err
			}
		}
	}
	return nil
}

// read reads the next piece.
func (l *measuredList) read(ctx context.Context) error {
	args := parameters{l.book}
	where, undated := BookQuery{From: l.from, Descending: true}.places(&args, l.after)
	if l.undated {
		where = undated
	}

	statement := `SELECT id, key, page_time, COALESCE(date, ''), CASE WHEN octet_length(measurements) <= ` + strconv.Itoa(maxMeasurements) + ` THEN measurements END FROM (
	SELECT id, ` + pageKey + ` AS key, page_time, CASE WHEN jsonb_typeof(data -> 'page_date') = 'string' THEN data ->> 'page_date' END AS date,
		(data -> 'measurements')::text AS measurements
	FROM pols WHERE book = $1::varchar AND ` + where + ` AND ` + visible(pageRows, args.add(askerOf(l.view, l.book))) + ` AND ` + hasMeasurements + `
	ORDER BY page_time DESC, key DESC LIMIT ` + strconv.Itoa(measuredPages) + `
) AS found ORDER BY page_time DESC, key DESC`
	rows, err := l.view.db.pool.Query(ctx, statement, args...)
	if err != nil {
		return classify(err)
	}

	l.pages = l.pages[:0]
	var page MeasuredPage
	var key string
	var moment *time.Time
	err = forEach(rows, []any{&page.ID, &key, &moment, &page.Date, &page.Measurements}, func() error {
		l.pages = append(l.pages, page)
		return nil
	})
	last := newBookKey(key, moment)
	l.after = &last
	return err
}
