// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"os"

	"thalamus/internal/synth"
)

// index is a database of many invented persons, filled as a site would fill it.
type index struct {
	*bench
	source *synth.Source
	db     database
}

// measureIndex fills a database through import, and asks for persons and pages in
// all the ways there are.
func measureIndex(ctx context.Context, b *bench) error {
	db, err := b.newDatabase(ctx, "many_persons")
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, fillAccount)
	if err != nil {
		return fmt.Errorf("make the account: %w", err)
	}

	x := &index{bench: b, source: synth.New(1), db: db}
	for _, step := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"load", x.load}, {"export", x.export}, {"persons", x.byID}, {"search", x.search},
		{"pages", x.pages}, {"list", x.list}, {"duplicates", x.duplicates}, {"screens", x.screens}, {"office", x.office},
	} {
		fmt.Fprintf(os.Stderr, "...   %s\n", step.name)
		err := step.run(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		err = b.stopServers()
		if err != nil {
			return err
		}
	}
	return nil
}

// serve starts a server on the database and logs in.
func (x *index) serve(ctx context.Context) (*server, error) {
	s, err := x.bench.serve(ctx, x.thalamus, x.db.url)
	if err != nil {
		return nil, err
	}

	_, err = s.time(ctx, get("/login"))
	return s, err
}

// byID asks for persons by id.
func (x *index) byID(ctx context.Context) error {
	anybody := func(n int) request { return get("/people/" + x.source.Person(n*7_919%x.persons).ID) }
	return x.inTurns(ctx, "Index/Person", anybody,
		side{"thalamus", func() (*server, error) { return x.serve(ctx) }},
		side{"floor", func() (*server, error) { return x.serveFloor(ctx, x.db.url) }})
}
