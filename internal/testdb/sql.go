// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Exec runs SQL over a connection of its own.
func (db *DB) Exec(sql string, args ...any) {
	db.t.Helper()
	Exec(db.t, db.URL, sql, args...)
}

// Text gives the one value of a query, as text.
func (db *DB) Text(sql string, args ...any) string {
	db.t.Helper()
	return Text(db.t, db.URL, sql, args...)
}

// Text gives the one value of a query on the database at url, as text.
func Text(t testing.TB, url, sql string, args ...any) (text string) {
	t.Helper()
	err := Connect(t, url).QueryRow(t.Context(), sql, args...).Scan(&text)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return text
}

// Exec runs SQL on the database at url.
func Exec(t testing.TB, url, sql string, args ...any) {
	t.Helper()
	_, err := Connect(t, url).Exec(t.Context(), sql, args...)
	if err != nil {
		t.Fatalf("%.200s: %v", sql, err)
	}
}

// Connect gives a connection to the database at url, which is closed with the test.
func Connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func execute(ctx context.Context, url, sql string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}

	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}

// Rows gives the rows of a query, as values of JSON.
func (db *DB) Rows(sql string) (all [][]any) {
	db.t.Helper()
	rows, _ := Connect(db.t, db.URL).Query(db.t.Context(), sql)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
	if err != nil {
		db.t.Fatalf("%s: %v", sql, err)
	}
	return all
}
