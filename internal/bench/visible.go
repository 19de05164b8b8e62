// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const visibleLimit = 15 * time.Second // then an old password counts as never refused

// measureVisible runs two servers on the database. A password that one knows
// well is changed behind its back; what counts is when it takes it no more.
func measureVisible(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: "An old password elsewhere", Of: "changed by",
		Columns: []column{{"tries", 0, ""}, {"median ms", 2, "less"}, {"slowest ms", 2, "less"}},
		Notes:   []string{"From the reply to the change until the first login that is refused is sent."},
	}
	// Each try comes from another address: it ends in a failed login.
	here, err := b.serve(ctx, "THALAMUS_SERVER_TRUSTED_PROXIES=127.0.0.1")
	if err != nil {
		return t, err
	}
	there, err := b.serve(ctx, "THALAMUS_SERVER_TRUSTED_PROXIES=127.0.0.1")
	if err != nil {
		return t, err
	}
	c := dial(ctx, here.address)
	defer c.close()
	for i, way := range []struct {
		label  string
		change func(id string) error
	}{
		{"PATCH to the other server", func(id string) error {
			return c.demand(login{account: root, password: password}.request("PATCH", "/people/"+id, `{"password": "`+otherPassword+`"}`))
		}},
		{"SQL", func(id string) error {
			const q = `UPDATE people SET data = data || jsonb_build_object('password', $2::text) WHERE id = $1`
			_, err := b.db.Exec(ctx, q, id, otherHash)
			return err
		}},
	} {
		var took []float64
		for n := range min(20, b.tries) {
			ms, err := refusedAfter(ctx, there.address, i*1000+n, way.change)
			if err != nil {
				return t, fmt.Errorf("%s: %w", way.label, err)
			}
			took = append(took, ms)
		}
		t.add(way.label, number(len(took)), number(median(took)), number(quantile(took, 1)))
	}
	return t, nil
}

// refusedAfter gives the ms between the change of the nth account and the
// first request that the server refuses.
func refusedAfter(ctx context.Context, address string, n int, change func(id string) error) (float64, error) {
	c := dial(ctx, address)
	defer c.close()
	id := person(firstAtVisible + n)
	old := login{id, password, addressOf(n)}.get("/login")
	for range 2 { // a login, and one from memory
		if err := c.demand(old); err != nil {
			return 0, err
		}
	}
	if err := change(id); err != nil {
		return 0, err
	}
	for changed := time.Now(); time.Since(changed) < visibleLimit; {
		sent := time.Now()
		status, err := c.ask(old)
		switch {
		case err != nil:
			return 0, err
		case status == http.StatusUnauthorized:
			return millis(sent.Sub(changed)), nil
		case status != http.StatusOK:
			return 0, statusError(status)
		}
	}
	return 0, errors.New("the old password is still taken")
}
