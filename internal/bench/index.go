// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/synth"
)

// index is a database of many invented persons, filled as a site would fill it.
type index struct {
	*bench
	source *synth.Source
	url    string
	db     *pgx.Conn
	table  table
}

// measureIndex fills a database through import, and asks for persons and pages in
// all the ways there are.
func measureIndex(ctx context.Context, b *bench) (table, error) {
	x := &index{bench: b, source: synth.New(1), table: table{
		Title: fmt.Sprintf("%d persons and %d pages", b.persons, b.pages()), Of: "what",
		Columns: []column{
			{"number", 0, ""}, {"s", 1, "less"}, {"/s", 0, "more"}, {"p50 ms", 2, "less"}, {"p95 ms", 2, "less"},
			{"ratio", 2, "more"}, {"share", 3, "more"}, {"peak MiB", 0, "less"}, {"CPU µs each", 0, "less"},
		},
		Notes: []string{"p50 and p95: of one client that asks again and again. CPU: of the program, or the server, and PostgreSQL.",
			"Share: of the queries whose person is among the first ten, or ten others match at least as well."},
	}}
	var err error
	if x.url, x.db, err = b.newDatabase(ctx, "many_persons"); err != nil {
		return x.table, err
	}
	defer x.db.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing is lost with it
	if err := makeAccounts(ctx, x.db); err != nil {
		return x.table, err
	}
	var failed error
	for _, step := range []struct {
		about string
		run   func(context.Context) error
	}{
		{"import", x.load}, {"export", x.dump}, {"persons by id", x.get}, {"search", x.search},
		{"pages of the list", x.listPages}, {"pages of a book", x.bookPages}, {"the list", x.list}, {"duplicates", x.duplicates},
	} {
		fmt.Fprintf(os.Stderr, "...   %s\n", step.about)
		if err := step.run(ctx); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", step.about, err))
		}
		b.stopChildren()
		if ctx.Err() != nil {
			break
		}
	}
	return x.table, failed
}

// pages is how many there are besides those of the large book.
func (o options) pages() int { return 5 * o.persons }

func makeAccounts(ctx context.Context, db *pgx.Conn) error {
	if _, err := db.Exec(ctx, fillAccounts, node, root, passwordHash); err != nil {
		return fmt.Errorf("make the accounts: %w", err)
	}
	return nil
}

// guest starts a server on the database and logs in.
func (x *index) guest(ctx context.Context) (*guest, error) {
	return x.visit(ctx, "THALAMUS_DATABASE_URL="+x.url)
}

// add adds a row of the figures that there are, by the names of their columns.
func (x *index) add(label string, figures map[string]number) {
	values := make([]number, len(x.table.Columns))
	for i, c := range x.table.Columns {
		values[i] = absent
		if v, there := figures[c.Name]; there {
			values[i] = v
		}
	}
	x.table.add(label, values...)
}

// addTimes adds a row of how long each of some requests took, in ms, and whatever else
// is known of them.
func (x *index) addTimes(label string, took []float64, figures map[string]number) {
	all := map[string]number{"number": number(len(took)), "p50 ms": number(median(took)), "p95 ms": number(quantile(took, 0.95))}
	maps.Copy(all, figures)
	x.add(label, all)
}
