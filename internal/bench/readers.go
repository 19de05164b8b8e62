// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Slow readers of the list of everybody.
const (
	slowReaders  = 500
	slowAccounts = 200
	slowRate     = 3 << 10   // bytes a second of each: a phone at the edge of its network
	steadyRate   = 200 << 10 // of one that is measured by itself
	slowBuffer   = 64 << 10  // bytes that a slow reader's kernel takes ahead
)

// letReadersIn makes accounts that may list everybody, whose logins take no time here.
const letReadersIn = `UPDATE people SET data = data || '{"roles": ["health_professional"], "password": "` + cheapHash + `"}' WHERE id BETWEEN $1 AND $2`

// measureReaders compares good requests without and with slow readers of a long list
// beside them, all of which must succeed.
func measureReaders(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: fmt.Sprintf("Good requests beside %d slow readers of 100,000 persons", slowReaders), Of: "good requests",
		Columns: []column{
			{"requests", 0, ""}, {"p50 ms", 2, ""}, {"beside p50", 2, "less"}, {"p50 ratio", 2, "less"},
			{"p99 ms", 2, ""}, {"beside p99", 2, "less"}, {"p99 ratio", 2, "less"}, {"reading", 0, "more"},
		},
	}
	if _, err := b.db.Exec(ctx, letReadersIn, person(firstAtReaders), person(firstAtReaders+slowAccounts-1)); err != nil {
		return t, fmt.Errorf("let readers in: %w", err)
	}
	c, err := b.visit(ctx, "THALAMUS_PASSWORDS_COST=4") // first logins have sections of their own
	if err != nil {
		return t, err
	}
	defer c.close()
	if t.Notes, err = b.costOfPieces(c); err != nil {
		return t, err
	}

	good := load{address: c.server.address, connections: connections, time: 2 * b.time, requests: mixed(always(c.who.get("/login")),
		inTurn(c.who.everyone("/people/")), inTurn(c.who.everyone("/pols/")), c.who.newPages(people(firstAtBooks, books)...))}
	if err := good.warmUp(ctx); err != nil {
		return t, err
	}
	before, err := good.run(ctx)
	if err != nil {
		return t, err
	}
	during, reading, err := good.besideSlowReaders(ctx)
	if err != nil {
		return t, err
	}
	var quiet, beside series
	quiet.add(before)
	beside.add(during)
	t.add("person, book, login, POST page", number(len(during.took)), quiet.p50(), beside.p50(), beside.p50()/quiet.p50(),
		quiet.p99(), beside.p99(), beside.p99()/quiet.p99(), number(reading))
	return t, nil
}

// besideSlowReaders runs the load again and again while the readers come, some a second,
// and gives the last sample, with how many read then.
func (l load) besideSlowReaders(ctx context.Context) (s sample, reading int, err error) {
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	var count atomic.Int64
	for i := range slowReaders {
		who := login{account: person(firstAtReaders + i%slowAccounts), password: password}
		go readSlowly(ctx, l.address, who, &count)
	}
	for begun := time.Now(); err == nil && time.Since(begun) < 15*l.time && count.Load() < slowReaders; {
		s, err = l.run(ctx)
	}
	if err == nil {
		s, err = l.run(ctx)
	}
	return s, int(count.Load()), err
}

// readSlowly asks until it is let in, and is counted from then on.
func readSlowly(ctx context.Context, address string, who login, reading *atomic.Int64) {
	c := dialNarrow(ctx, address)
	defer c.close()
	for ctx.Err() == nil {
		status, body, err := c.open(who.get("/people"))
		if err != nil {
			return
		}
		if status == http.StatusOK {
			reading.Add(1)
			_ = trickle(ctx, body, io.Discard, slowRate)
			reading.Add(-1)
		}
		_ = body.Close()
	}
}

// dialNarrow is dial for a client whose kernel takes little ahead.
func dialNarrow(ctx context.Context, address string) *client {
	c := dial(ctx, address)
	c.http.Transport = &http.Transport{MaxConnsPerHost: 1, DisableCompression: true, DialContext: narrow}
	return c
}

func narrow(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if tcp, ok := conn.(*net.TCPConn); ok {
		err = tcp.SetReadBuffer(slowBuffer)
	}
	return conn, err
}

// trickle copies so many bytes a second.
func trickle(ctx context.Context, from io.Reader, to io.Writer, rate int64) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if _, err := io.CopyN(to, from, rate); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
