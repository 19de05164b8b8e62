// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// forEach classifies errors of the database; an error of take stays as it is.
func forEach(rows pgx.Rows, into []any, take func() error) error {
	var taking error
	_, err := pgx.ForEachRow(rows, into, func() error {
		taking = take()
		return taking
	})
	if taking != nil {
		return taking
	}

	return classify(err)
}

// queryRecord runs a query for one record's text and version; notFound is the sentence
// when there is none.
func (db *DB) queryRecord(ctx context.Context, notFound, query string, args ...any) (stored fed.Stored, err error) {
	var text []byte
	err = db.pool.QueryRow(ctx, query, args...).Scan(&text, &stored.Version)
	stored.Record = text
	return stored, notFoundOr(err, notFound)
}
