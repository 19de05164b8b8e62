// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
)

const fewPersons = 10

// get compares persons asked for by id, here and where there are ten; the floor's
// ratio is what PostgreSQL itself makes of the difference.
func (x *index) get(ctx context.Context) error {
	few, err := x.makeFew(ctx)
	if err != nil {
		return err
	}
	for _, by := range []struct {
		label, labelOfFew string
		start             func(url string) (*child, error)
	}{
		{"GET /people/{id}, 8 clients", "the same among ten persons", func(url string) (*child, error) {
			return x.serve(ctx, "THALAMUS_DATABASE_URL="+url)
		}},
		{"GET /people/{id} of the floor", "the same among ten persons, of the floor", func(url string) (*child, error) {
			return x.serveFloor(ctx, url)
		}},
	} {
		sides := [2]load{}
		for i, url := range []string{x.url, few} {
			c, err := by.start(url)
			if err != nil {
				return err
			}
			count := []int{x.persons, fewPersons}[i]
			sides[i] = load{address: c.address, connections: connections, time: x.time, requests: x.anybodyOf(count)}
			if err := sides[i].warmUp(ctx); err != nil {
				return err
			}
		}
		values, err := inTurns(ctx, sides, x.rounds)
		if err != nil {
			return err
		}
		x.add(by.label, map[string]number{"/s": values[0], "p50 ms": values[5], "ratio": values[2]})
		x.add(by.labelOfFew, map[string]number{"/s": values[1], "p50 ms": values[7]})
		x.stopChildren()
	}
	return nil
}

// makeFew makes a database of ten persons.
func (x *index) makeFew(ctx context.Context) (url string, err error) {
	url, db, err := x.newDatabase(ctx, "ten_persons")
	if err != nil {
		return "", err
	}
	defer db.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing is lost with it
	if err := makeAccounts(ctx, db); err != nil {
		return "", err
	}
	for n := range fewPersons {
		p := x.source.Person(n)
		if _, err := db.Exec(ctx, `INSERT INTO people (id, data) VALUES ($1, $2)`, p.ID, p.Record()); err != nil {
			return "", fmt.Errorf("make ten persons: %w", err)
		}
	}
	return url, nil
}

// anybodyOf asks for one of the first persons by chance.
func (x *index) anybodyOf(count int) generator {
	who := login{account: node, password: password}
	return func(int) func() request {
		return func() request { return who.get("/people/" + x.source.Person(rand.IntN(count)).ID) } //nolint:gosec // anybody
	}
}
