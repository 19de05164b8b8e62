// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"time"
)

// failure is a reason why a login fails.
type failure struct {
	label   string
	account func(n int) string
	prepare string // SQL that makes the accounts from $1 to $2 so
}

// failures has first what the others are compared with. Each has accounts of
// its own, so that no account fails twice.
var failures = []failure{
	{"wrong password", failing(0), ``},
	{"unknown account", func(n int) string { return "X" + failing(0)(n) }, ``},
	{"inactive account", failing(1), `UPDATE people SET data = data || '{"active": false}' WHERE id BETWEEN $1 AND $2`},
	{"no password", failing(2), `UPDATE people SET data = data - 'password' WHERE id BETWEEN $1 AND $2`},
	{"cheap stored hash", failing(3), `UPDATE people SET data = data || '{"password": "` + cheapHash + `"}' WHERE id BETWEEN $1 AND $2`},
}

func failing(kind int) func(n int) string {
	return func(n int) string { return person(firstAtEqual + kind*10_000 + n) }
}

// measureEqual times failed logins. Each has its own account, password and
// forwarded address, so that neither memory nor throttling answers in place of
// a comparison.
func measureEqual(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: "Failed logins", Of: "reason",
		Columns: []column{
			{"tries", 0, ""}, {"median ms", 1, ""}, {"quartile 1", 1, ""}, {"quartile 3", 1, ""}, {"difference ms", 1, ""}, {"p", 3, ""},
		},
		Notes: []string{"p: how often chance alone would show such a difference from the first line (Mann-Whitney, two-sided)." +
			" One p below 0.01 among four calls for another run; the same one again says that the reason can be told from the time."},
	}
	for _, f := range failures {
		if f.prepare == "" {
			continue
		}
		if _, err := b.db.Exec(ctx, f.prepare, f.account(0), f.account(b.tries)); err != nil {
			return t, fmt.Errorf("prepare %s: %w", f.label, err)
		}
	}
	took, err := b.failLogins(ctx)
	if err != nil {
		return t, err
	}
	for i, f := range failures {
		difference, p := absent, absent
		if i > 0 {
			difference = number(median(took[i]) - median(took[0]))
			p = number(sameDistribution(took[i], took[0]))
		}
		t.add(f.label, number(len(took[i])), number(median(took[i])),
			number(quantile(took[i], 0.25)), number(quantile(took[i], 0.75)), difference, p)
	}
	return t, nil
}

// failLogins gives the ms of each try of each failure. They are tried in turns
// and every time in another order.
func (b *bench) failLogins(ctx context.Context) ([][]float64, error) {
	server, err := b.serve(ctx, "THALAMUS_SERVER_TRUSTED_PROXIES=127.0.0.1")
	if err != nil {
		return nil, err
	}
	c := dial(ctx, server.address)
	defer c.close()
	took := make([][]float64, len(failures))
	for n := range b.tries + 1 {
		for _, i := range mathrand.Perm(len(failures)) { //nolint:gosec // any order will do
			who := login{failures[i].account(n), rand.Text(), addressOf(n*len(failures) + i)}
			begun := time.Now()
			status, err := c.ask(who.get("/login"))
			if err != nil {
				return nil, err
			}
			if status != http.StatusUnauthorized {
				return nil, fmt.Errorf("%s: %w", failures[i].label, statusError(status))
			}
			if n > 0 { // the first is not counted
				took[i] = append(took[i], millis(time.Since(begun)))
			}
		}
	}
	return took, nil
}
