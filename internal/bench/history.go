// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
)

// measureHistory compares the server with one whose database keeps no history: the
// triggers are switched off there, so that nothing comes to its feed either.
func measureHistory(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: "With and without history", Of: "request, and beside whom",
		Columns: []column{{"with history /s", 0, "more"}, {"without /s", 0, ""}, {"ratio", 2, "more"}, {"lowest", 2, ""}, {"highest", 2, ""}},
	}
	url, err := b.withoutHistory(ctx)
	if err != nil {
		return t, err
	}
	ours := func() (*child, error) { return b.serve(ctx) }
	server := func() (*child, error) { return b.serve(ctx, "THALAMUS_DATABASE_URL="+url) }
	bare := func() (*child, error) { return b.serveFloor(ctx, url) }
	who := login{account: node, password: password}
	pages := who.newPages(people(firstAtBooks, books)...)
	for _, m := range []struct {
		label    string
		requests generator
		other    func() (*child, error)
	}{
		{"POST page, the server", pages, server},
		{"POST page, the bare handler", pages, bare},
		{"GET /people/{id}, the server", inTurn(who.everyone("/people/")), server},
	} {
		values, err := b.versus(ctx, m.requests, ours, m.other)
		if err != nil {
			return t, fmt.Errorf("%s: %w", m.label, err)
		}
		t.add(m.label, values[:5]...)
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
