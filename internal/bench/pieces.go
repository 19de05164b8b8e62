// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// pause is long enough for a client to count as slow.
const pause = time.Second

// costOfPieces says what clients get who do not keep up, and so read in pieces.
func (b *bench) costOfPieces(g *guest) ([]string, error) {
	var whole, pieces streams
	for range b.rounds {
		if err := whole.time(func(w io.Writer) error { return g.list(g.who.get("/people"), w) }); err != nil {
			return nil, fmt.Errorf("one statement: %w", err)
		}
		if err := pieces.time(func(w io.Writer) error { return g.listAfterPause(w) }); err != nil {
			return nil, fmt.Errorf("in pieces: %w", err)
		}
	}
	steady, err := g.steadily(4 * b.time)
	if err != nil {
		return nil, err
	}
	fast, slow := median(whole.seconds), median(pieces.seconds)-pause.Seconds()
	return []string{fmt.Sprintf("A client that stops for a second reads the rest in pieces: at %.0f MB/s, where one statement gives %.0f, a ratio of %.2f."+
		" One that takes %d kB/s gets %.0f.", median(pieces.megabytes)/slow, median(whole.megabytes)/fast, fast/slow, steadyRate>>10, steady/1024)}, nil
}

// listAfterPause reads nothing for a while, and then as fast as it can.
func (g *guest) listAfterPause(w io.Writer) error {
	c := dialNarrow(g.ctx, g.server.address)
	defer c.close()
	status, body, err := c.open(g.who.get("/people"))
	if err != nil {
		return err
	}
	defer body.Close()
	if status != 200 {
		return statusError(status)
	}
	time.Sleep(pause)
	_, err = io.Copy(w, body)
	return err
}

// steadily gives the bytes a second of a client who takes steadyRate.
func (g *guest) steadily(long time.Duration) (float64, error) {
	ctx, cancel := context.WithTimeout(g.ctx, long)
	defer cancel()
	c := dialNarrow(g.ctx, g.server.address)
	defer c.close()
	status, body, err := c.open(g.who.get("/people"))
	if err != nil {
		return 0, err
	}
	defer body.Close()
	if status != 200 {
		return 0, statusError(status)
	}
	m := meter{begun: time.Now()}
	if err := trickle(ctx, body, &m, steadyRate); !errors.Is(err, context.DeadlineExceeded) {
		return 0, err
	}
	return float64(m.bytes) / time.Since(m.begun).Seconds(), nil
}
