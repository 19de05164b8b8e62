// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// measureHistory compares writing with writing into a database that keeps no
// history: the triggers are switched off there, so that nothing comes to its
// feed either.
func measureHistory(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: "POST page with and without history", Of: "beside",
		Columns: []column{{"with history /s", 0, "more"}, {"without /s", 0, ""}, {"ratio", 2, "more"}, {"lowest", 2, ""}, {"highest", 2, ""}},
	}
	url, err := b.withoutHistory(ctx)
	if err != nil {
		return t, err
	}
	requests := login{account: node, password: password}.newPages(people(firstAtBooks, books)...)
	for _, other := range []struct {
		label string
		start func() (*child, error)
	}{
		{"the server", func() (*child, error) { return b.serve(ctx, "THALAMUS_DATABASE_URL="+url) }},
		{"the bare handler", func() (*child, error) { return b.serveFloor(ctx, url) }},
	} {
		values, err := b.versus(ctx, requests, func() (*child, error) { return b.serve(ctx) }, other.start)
		if err != nil {
			return t, fmt.Errorf("%s: %w", other.label, err)
		}
		t.add(other.label, values[:5]...)
	}
	return t, nil
}

// withoutHistory makes and fills a second database.
func (b *bench) withoutHistory(ctx context.Context) (url string, err error) {
	const name = "without_history"
	if _, err := b.db.Exec(ctx, `CREATE DATABASE `+name); err != nil {
		return "", fmt.Errorf("create the database without history: %w", err)
	}
	url = b.postgres.URL(name)
	if text, err := b.thalamusCommand("migrate", "THALAMUS_DATABASE_URL="+url).CombinedOutput(); err != nil {
		return "", fmt.Errorf("thalamus migrate: %w: %s", err, text)
	}
	db, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", fmt.Errorf("reach the database without history: %w", err)
	}
	defer db.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing is lost with it
	for _, table := range []string{"people", "pols"} {
		if _, err := db.Exec(ctx, `ALTER TABLE `+table+` DISABLE TRIGGER thalamus_created`); err != nil {
			return "", fmt.Errorf("switch history off: %w", err)
		}
	}
	return url, fill(ctx, db)
}
