// SPDX-License-Identifier: GPL-3.0-or-later

// Command soak lets everybody use two hubs on one database at the same time, for as long as it
// is told: phones, nodes, followers, searches, documents, the portal, FHIR, wrong passwords and
// readers that take their time. Meanwhile one of the hubs and the database are killed, again
// and again. In the end it compares all that the clients were told with the database, its
// history, the feed and the access record: nothing may be lost, there twice, or altered. The
// other hub is never killed, so that its memory, goroutines, connections and files show
// whether anything leaks.
//
//	go run ./internal/soak -duration 1m -seed 1
//
// Its exit status is 0 if nothing was wrong. It needs bin/thalamus, and starts a PostgreSQL of
// its own, which waits for the disk.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// options are those of the command line.
type options struct {
	duration time.Duration // of the use
	pause    time.Duration // of an actor between two steps, on average
	calm     time.Duration // between two harms, on average
	seed     uint64        // of all chance but for the order in which the machine does things
	thalamus string        // the program
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once

	err := run(ctx, os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func readOptions(args []string) (o options, err error) {
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	flags.DurationVar(&o.duration, "duration", time.Minute, "how long the hubs are used")
	flags.DurationVar(&o.pause, "pause", 200*time.Millisecond, "how long an actor pauses between two steps, on average")
	flags.DurationVar(&o.calm, "calm", 8*time.Second, "how long nothing is killed, on average")
	flags.Uint64Var(&o.seed, "seed", 1, "another one is another course of events")
	flags.StringVar(&o.thalamus, "thalamus", "bin/thalamus", "the program")
	err = flags.Parse(args)
	if err != nil {
		return o, err
	}

	if flags.NArg() > 0 || o.duration <= 0 || o.pause <= 0 || o.calm <= 0 {
		return o, errors.New("-duration, -pause and -calm must be more than zero, and there are no arguments")
	}
	return o, nil
}

// run does what the arguments say, and reports. Its error says that something was wrong.
func run(ctx context.Context, args []string) (err error) {
	o, err := readOptions(args)
	if err != nil {
		return err
	}

	s, err := newSoak(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.site.close()) }()

	err = s.use(ctx)
	if err != nil {
		return err
	}
	return s.report(os.Stdout)
}
