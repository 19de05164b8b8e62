// SPDX-License-Identifier: GPL-3.0-or-later

// Command bench measures a Thalamus that runs as it is shipped, on a private
// PostgreSQL with durability on, beside the floor: a bare handler that runs the
// same single query without asking who calls. Both are measured in turns in the
// same run, by the same client, so that their ratio says what the server adds even
// where the machine is busy.
//
//	go run ./internal/bench                   all of it; see -help
//	go run ./internal/bench -only rates,feed  some of it
//
// Its output is in Go's benchmark format, for benchstat: a line for each round, in
// which ns/op is time by the clock for each request or record, %-of-floor the share
// of the floor's rate, and an MB a million bytes. A command on a whole database runs
// once, and has one line.
//
// The database is in a temporary directory. Where that is not on a disk, writes
// are flattered; TMPDIR moves it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// section is one part of the measurement. It starts the servers that it needs;
// they are stopped behind it.
type section struct {
	name, about string
	run         func(context.Context, *bench) error
}

var sections = []section{
	{"rates", "requests a second, beside the floor", measureRates},
	{"history", "requests with and without history", measureHistory},
	{"consents", "requests with and without statements about other persons", measureConsents},
	{"replica", "requests a second by a read replica, beside those by the primary", measureReplica},
	{"feed", "the change feed from the beginning, and 1,000 streams that wait", measureFeed},
	{"portal", "what a patient with a large book waits for in her browser", measurePortal},
	{"fhir", "what FHIR clients read, beside the hub's own form of it", measureFHIR},
	{"memory", "of the server, at rest and under load", measureMemory},
	{"growth", "inserting, and the bytes of a page, among -pages pages", measureGrowth},
	{"index", "import, export, search, pages and duplicates among -persons persons", measureIndex},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once

	err := run(ctx, os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run does what the arguments say. The command floor is for the program itself.
func run(ctx context.Context, args []string) error {
	if len(args) == 2 && args[0] == "floor" {
		return serveFloor(ctx, args[1])
	}

	o, err := readOptions(args)
	if err != nil {
		return err
	}

	return measure(ctx, o)
}

// measure runs the sections. One that fails does not stop the others.
func measure(ctx context.Context, o options) (err error) {
	b, err := newBench(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()

	var failed error
	for _, s := range o.sections {
		fmt.Fprintf(os.Stderr, "... %s: %s\n", s.name, s.about)
		err := errors.Join(s.run(ctx, b), b.stopServers())
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", s.name, err))
		}
	}

	fmt.Fprintln(os.Stderr, "Written to", b.file.Name()+".")
	return failed
}
