// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
)

// measureRates compares the server with the floor, request by request.
func measureRates(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: "Requests a second", Of: "request",
		Columns: []column{
			{"ours /s", 0, "more"}, {"floor /s", 0, ""}, {"ratio", 2, "more"}, {"lowest", 2, ""}, {"highest", 2, ""},
			{"p50 ms", 2, "less"}, {"p99 ms", 2, "less"}, {"floor p50", 2, ""}, {"floor p99", 2, ""},
		},
		Notes: []string{"The ratio is the median of the rounds' own ratios, beside the lowest and the highest of them."},
	}
	who := login{account: node, password: password}
	for _, m := range []struct {
		label    string
		requests generator
	}{
		{"GET /login", always(who.get("/login"))},
		{"GET /people/{id}", inTurn(who.everyone("/people/"))},
		{"GET /pols/{id}, two pages", inTurn(who.everyone("/pols/"))},
		{"POST page", who.newPages(people(firstAtBooks, books)...)},
	} {
		values, err := b.versusFloor(ctx, m.requests)
		if err != nil {
			return t, fmt.Errorf("%s: %w", m.label, err)
		}
		t.add(m.label, values...)
	}
	return t, nil
}

// versusFloor gives the columns of one request.
func (b *bench) versusFloor(ctx context.Context, requests generator) ([]number, error) {
	return b.versus(ctx, requests, func() (*child, error) { return b.serve(ctx) },
		func() (*child, error) { return b.serveFloor(ctx, b.url()) })
}

// versus compares two servers, which are new processes.
func (b *bench) versus(ctx context.Context, requests generator, starts ...func() (*child, error)) ([]number, error) {
	defer b.stopChildren()
	sides := [2]load{}
	for i, start := range starts {
		c, err := start()
		if err != nil {
			return nil, err
		}
		sides[i] = load{address: c.address, connections: connections, time: b.time, requests: requests}
		if err := sides[i].warmUp(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return inTurns(ctx, sides, b.rounds)
}

// inTurns gives the columns of our side and the floor's.
func inTurns(ctx context.Context, sides [2]load, rounds int) ([]number, error) {
	var samples [2]series
	var ratios []float64
	for range rounds {
		var rates [2]float64
		for i, side := range sides {
			s, err := side.run(ctx)
			if err != nil {
				return nil, err
			}
			samples[i].add(s)
			rates[i] = s.rate
		}
		ratios = append(ratios, rates[0]/rates[1])
	}
	us, them := &samples[0], &samples[1]
	return []number{
		us.rate(), them.rate(), number(median(ratios)), number(quantile(ratios, 0)), number(quantile(ratios, 1)),
		us.p50(), us.p99(), them.p50(), them.p99(),
	}, nil
}

// series is the samples of several rounds; its figures are their medians.
type series struct{ rates, p50s, p99s []float64 }

func (s *series) add(one sample) {
	s.rates = append(s.rates, one.rate)
	s.p50s = append(s.p50s, quantile(one.took, 0.5))
	s.p99s = append(s.p99s, quantile(one.took, 0.99))
}

func (s *series) rate() number { return number(median(s.rates)) }
func (s *series) p50() number  { return number(median(s.p50s)) }
func (s *series) p99() number  { return number(median(s.p99s)) }
