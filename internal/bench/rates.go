// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"

	"thalamus/internal/program"
)

// measureRates compares the server with an older one, if there is one, and with the
// floor, request by request.
func measureRates(ctx context.Context, b *bench) error {
	db, err := b.filled(ctx, "rates")
	if err != nil {
		return err
	}

	sides := []side{{"thalamus", func() (*server, error) { return b.serve(ctx, b.thalamus, db.url) }}}
	if b.old != "" {
		sides = append(sides, side{"old", func() (*server, error) { return b.serve(ctx, b.old, db.url) }})
	}
	sides = append(sides, side{"floor", func() (*server, error) { return b.serveFloor(ctx, db.url) }})

	for _, m := range []struct {
		name string
		next generator
	}{
		{"Login", login}, {"Person", readPerson}, {"Book", readBook}, {"List", listPersons}, {"PostPage", postPage},
	} {
		err := b.inTurns(ctx, m.name, m.next, sides...)
		if err != nil {
			return err
		}
	}
	return nil
}

// measureHistory compares the server with one whose database keeps no history, and
// with the floor there: the triggers are switched off, so that nothing comes to the
// feed either.
func measureHistory(ctx context.Context, b *bench) error {
	kept, err := b.filled(ctx, "with_history")
	if err != nil {
		return err
	}
	none, err := b.filled(ctx, "without_history",
		`ALTER TABLE people DISABLE TRIGGER thalamus_created`, `ALTER TABLE pols DISABLE TRIGGER thalamus_created`)
	if err != nil {
		return err
	}

	with := side{"thalamus", func() (*server, error) { return b.serve(ctx, b.thalamus, kept.url) }}
	without := side{"no-history", func() (*server, error) { return b.serve(ctx, b.thalamus, none.url) }}
	floor := side{"no-history-floor", func() (*server, error) { return b.serveFloor(ctx, none.url) }}

	err = b.inTurns(ctx, "History/Person", readPerson, with, without)
	if err != nil {
		return err
	}
	return b.inTurns(ctx, "History/PostPage", postPage, with, without, floor)
}

// measureMemory looks at the server's resident memory: after its first login, after
// all kinds of requests have kept it busy, and at its highest.
func measureMemory(ctx context.Context, b *bench) error {
	db, err := b.filled(ctx, "memory")
	if err != nil {
		return err
	}

	for range b.count {
		s, err := b.serve(ctx, b.thalamus, db.url)
		if err != nil {
			return err
		}
		_, err = s.time(ctx, get("/login"))
		if err != nil {
			return err
		}
		rest, _ := program.Memory(s.Process)

		busy, err := s.load(ctx, everything, 2*b.time)
		if err != nil {
			return err
		}
		after, peak := program.Memory(s.Process)

		b.line("Memory", len(busy.took), metric{rest, "rest-MB"}, metric{after, "busy-MB"}, metric{peak, "peak-MB"})
		err = b.stopServers()
		if err != nil {
			return err
		}
	}
	return nil
}
