// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

const memoryPace = 50 * time.Millisecond // between two looks

// measureMemory looks at the server's resident memory: after its first login,
// and while all kinds of requests keep it busy.
func measureMemory(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: "Memory", Of: "process",
		Columns: []column{{"at rest MiB", 1, "less"}, {"under load MiB", 1, "less"}, {"peak MiB", 1, "less"}},
	}
	c, err := b.visit(ctx)
	if err != nil {
		return t, err
	}
	c.close()
	rest, _, err := c.server.memory()
	if err != nil {
		return t, err
	}
	busy, err := b.memoryUnderLoad(ctx, c.server, mixed(always(c.who.get("/login")), inTurn(c.who.everyone("/people/")),
		inTurn(c.who.everyone("/pols/")), c.who.newPages(people(firstAtBooks, books)...)))
	if err != nil {
		return t, err
	}
	_, peak, err := c.server.memory()
	t.add("thalamus", number(rest), number(busy), number(peak))
	return t, err
}

// memoryUnderLoad gives the median of what it sees during the load.
func (b *bench) memoryUnderLoad(ctx context.Context, server *child, requests generator) (float64, error) {
	ended := make(chan error, 1)
	go func() {
		_, err := load{address: server.address, connections: connections, time: 2 * b.time, requests: requests}.run(ctx)
		ended <- err
	}()
	var seen []float64
	tick := time.NewTicker(memoryPace)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			return median(seen), err
		case <-tick.C:
			if now, _, err := server.memory(); err == nil { // else the load says why
				seen = append(seen, now)
			}
		}
	}
}

// memory gives the resident memory of the process, now and at its highest.
func (c *child) memory() (now, peak float64, err error) {
	return memoryOf(c.process.Pid)
}

func memoryOf(pid int) (now, peak float64, err error) {
	file := fmt.Sprintf("/proc/%d/status", pid)
	if now, err = strconv.ParseFloat(grep(file, `VmRSS:\s*(\d+) kB`), 64); err == nil {
		peak, err = strconv.ParseFloat(grep(file, `VmHWM:\s*(\d+) kB`), 64)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("memory is only known on Linux, of a running process: %w", err)
	}
	return now / 1024, peak / 1024, nil
}
