// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
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
	url, db, err := b.newDatabase(ctx, "without_history")
	if err != nil {
		return "", err
	}
	defer db.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing is lost with it
	for _, table := range []string{"people", "pols"} {
		if _, err := db.Exec(ctx, `ALTER TABLE `+table+` DISABLE TRIGGER thalamus_created`); err != nil {
			return "", fmt.Errorf("switch history off: %w", err)
		}
	}
	return url, fill(ctx, db)
}
