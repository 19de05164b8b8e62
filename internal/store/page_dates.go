// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

const selectPageDates = `SELECT id, COALESCE(left(data ->> 'page_date', $3), '') FROM pols WHERE book = $1 AND id = ANY ($2) AND `

// PageDates gives the dates of these pages of a book as they are stored, by their ids. A page that
// is not in the book is left out.
func (v View) PageDates(ctx context.Context, book string, ids []string) (map[string]string, error) {
	dates := map[string]string{}
	if len(ids) == 0 {
		return dates, nil
	}

	var id, date string
	rows, _ := v.db.pool.Query(ctx, selectPageDates+visible(pageRows, `$4`), book, ids, listedText, askerOf(v, book))
	_, err := pgx.ForEachRow(rows, []any{&id, &date}, func() error {
		dates[id] = date
		return nil
	})
	return dates, classify(err)
}
