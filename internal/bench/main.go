// SPDX-License-Identifier: GPL-3.0-or-later

// Command bench measures a Thalamus that runs as it is shipped, on a private
// PostgreSQL with durability on, and puts beside it the floor: a bare handler
// that runs the same single query without asking who calls. Both are measured
// in turns in the same run, by the same client, so that their ratio says what
// the server adds even where the machine is busy.
//
//	go run ./internal/bench                   all of it; see -help
//	go run ./internal/bench -only rates,sync  some of it
//	go run ./internal/bench compare [OLD NEW] two results; without names, the newest two
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
	if len(args) > 0 {
		switch args[0] {
		case "floor":
			return serveFloor(ctx, args[1:])
		case "compare":
			return compareFiles(os.Stdout, args[1:])
		}
	}
	o, err := readOptions(args)
	if err != nil {
		return err
	}
	return measure(ctx, o)
}
