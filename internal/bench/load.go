// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"thalamus/internal/program"
)

const connections = 8

const warmUp = 500 * time.Millisecond

// generator makes the nth request of a load.
type generator func(n int) request

// sample is the outcome of a load.
type sample struct {
	took    []time.Duration // of each request
	elapsed time.Duration
	cpu     time.Duration // of the server; zero where it cannot be told
}

func (s sample) rate() float64 { return float64(len(s.took)) / s.elapsed.Seconds() }

// cpuPerOp is the processor's time that the server takes for a request. On a machine
// with other work it varies less than the rate does.
func (s sample) cpuPerOp() float64 { return float64(s.cpu) / float64(len(s.took)) }

// load is loadBy of the usual number of clients.
func (s *server) load(ctx context.Context, next generator, long time.Duration) (sample, error) {
	return s.loadBy(ctx, connections, next, long)
}

// loadBy sends requests of so many clients, each on a connection. On each of them they follow one
// another: the next is sent when the reply to the last is there. No request starts
// after that time; every reply is waited for.
func (s *server) loadBy(ctx context.Context, clients int, next generator, long time.Duration) (sample, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	var number atomic.Int64
	var all sync.WaitGroup
	parts := make([][]time.Duration, clients)
	begun, used := time.Now(), program.CPU(s.Process)
	for i := range parts {
		all.Go(func() {
			for time.Since(begun) < long {
				took, err := s.time(ctx, next(int(number.Add(1))))
				if err != nil {
					cancel(err) // the first is the reason, and ends the others
					return
				}
				parts[i] = append(parts[i], took)
			}
		})
	}
	all.Wait()

	whole := sample{elapsed: time.Since(begun), cpu: program.CPU(s.Process) - used}
	for _, part := range parts {
		whole.took = append(whole.took, part...)
	}
	return whole, context.Cause(ctx)
}

// side is one of the servers that are compared.
type side struct {
	name  string
	start func() (*server, error)
}

// inTurns loads servers, which are new processes, one after the other in each round.
// The line of each has its rate as a share of the rate of each one behind it, and so its
// processor's time.
func (b *bench) inTurns(ctx context.Context, name string, next generator, sides ...side) error {
	servers := make([]*server, len(sides))
	for i, side := range sides {
		s, err := side.start()
		if err != nil {
			return err
		}
		_, err = s.load(ctx, next, warmUp) // accounts log in, and statements are prepared
		if err != nil {
			return fmt.Errorf("%s: %w", side.name, err)
		}
		servers[i] = s
	}

	for range b.count {
		samples := make([]sample, len(sides))
		for i, s := range servers {
			var err error
			samples[i], err = s.load(ctx, next, b.time)
			if err != nil {
				return fmt.Errorf("%s: %w", sides[i].name, err)
			}
		}
		b.compare(name, sides, samples)
	}
	return b.stopServers()
}

// compare writes the lines of one round.
func (b *bench) compare(name string, sides []side, samples []sample) {
	for i, s := range samples {
		figures := append([]metric{perOp(s.elapsed, len(s.took)), {s.rate(), "req/s"}, {s.cpuPerOp(), "cpu-ns/op"}}, quantiles(s.took)...)
		for j := i + 1; j < len(samples); j++ {
			figures = append(figures,
				metric{100 * s.rate() / samples[j].rate(), "%-of-" + sides[j].name},
				metric{100 * s.cpuPerOp() / samples[j].cpuPerOp(), "cpu-%-of-" + sides[j].name})
		}
		b.line(name+"/server="+sides[i].name, len(s.took), figures...)
	}
}
