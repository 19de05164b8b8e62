// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"time"
)

// measureFirst times the first login of some accounts, one after another, on
// servers that have just started.
func measureFirst(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: "First login", Of: "request",
		Columns: []column{{"comparison ms", 0, ""}, {"median ms", 0, "less"}, {"slowest ms", 0, "less"}, {"ratio", 2, "less"}},
		Notes:   []string{"The comparison is bcrypt's of cost 12 in this program; the ratio is the median's to it."},
	}
	var took, alone []float64
	for round := range b.rounds {
		one, err := timeBcrypt()
		if err != nil {
			return t, err
		}
		alone = append(alone, one)
		logins, err := b.firstLogins(ctx, firstAtLogins+3*round, 3)
		if err != nil {
			return t, err
		}
		took = append(took, logins...)
	}
	m, one := median(took), median(alone)
	t.add("GET /login", number(one), number(m), number(quantile(took, 1)), number(m/one))
	return t, nil
}

// firstLogins gives the ms of each.
func (b *bench) firstLogins(ctx context.Context, first, count int) ([]float64, error) {
	server, err := b.serve(ctx)
	if err != nil {
		return nil, err
	}
	defer server.stop()
	c := dial(ctx, server.address)
	defer c.close()
	var took []float64
	for _, id := range people(first, count) {
		begun := time.Now()
		if err := c.demand(login{account: id, password: password}.get("/login")); err != nil {
			return nil, fmt.Errorf("first login: %w", err)
		}
		took = append(took, millis(time.Since(begun)))
	}
	return took, nil
}
