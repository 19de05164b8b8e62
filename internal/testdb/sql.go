// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Exec runs SQL in a session in which nothing is set.
func (db *DB) Exec(sql string, args ...any) {
	db.t.Helper()
	err := db.conns.exec(db.t.Context(), sql, args...)
	if err != nil {
		db.t.Fatalf("%.200s: %v", sql, err)
	}
}

// Text gives the one value of a query, as text.
func (db *DB) Text(sql string, args ...any) (text string) {
	db.t.Helper()
	err := db.conns.with(db.t.Context(), func(conn *pgx.Conn) error {
		return conn.QueryRow(db.t.Context(), sql, args...).Scan(&text)
	})
	if err != nil {
		db.t.Fatalf("%s: %v", sql, err)
	}
	return text
}

// Rows gives the rows of a query, as values of JSON.
func (db *DB) Rows(sql string) (all [][]any) {
	db.t.Helper()
	err := db.conns.with(db.t.Context(), func(conn *pgx.Conn) (err error) {
		rows, _ := conn.Query(db.t.Context(), sql)
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
		return err
	})
	if err != nil {
		db.t.Fatalf("%s: %v", sql, err)
	}
	return all
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
