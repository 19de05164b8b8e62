// SPDX-License-Identifier: GPL-3.0-or-later

// Thalamus is the message and authentication server of the GNU Health Federation.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"thalamus/internal/follow"
)

// version may be set by the linker: make dist VERSION=1.2.3.
var version = "1.0.0"

func main() { os.Exit(execute(world{config: "/etc/thalamus/thalamus.toml", user: "thalamus"})) }

// execute does what the command line says, in this world and of this process, and gives the
// exit status.
func execute(w world) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	w.stdin, w.stdout, w.stderr, w.environ = os.Stdin, os.Stdout, os.Stderr, os.Environ()
	return status(run(ctx, os.Args[1:], w), w.stderr)
}

// roomy keeps a ballast until end is called. Nobody touches it, so that it takes no
// memory of the machine, but it counts as in use: a server, which has some five
// megabytes in use and makes garbage with every request, is swept after each thirty
// megabytes, and not after each five; one that has much in use keeps no multiple of that.
// GOGC and GOMEMLIMIT hold as Go reads them; the ballast counts.
func roomy() (end func()) {
	ballast := make([]byte, 28<<20)
	return func() { runtime.KeepAlive(ballast) }
}

// frugal is for commands that move much and have little in use.
func frugal() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
}

// world is what a command sees of the outside.
type world struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string
	config         string // the configuration where --config names none, if there is such a file
	user           string // whom check looks as, if root runs it and there is such a user
}

// silent is a world to which a command prints nothing.
func (w world) silent() world {
	w.stdout = io.Discard
	return w
}

// deaf is a world to which a command says nothing, not even what is odd.
func (w world) deaf() world {
	w.stdout, w.stderr = io.Discard, io.Discard
	return w
}

// command is one of the program's verbs.
type command struct {
	usage string
	run   func(ctx context.Context, args []string, w world) error
}

func commands() map[string]command {
	return map[string]command{
		"setup":      {setupUsage, runSetup},
		"serve":      {serveUsage, serve},
		"migrate":    {migrateUsage, migrate},
		"demo":       {demoUsage, runDemo},
		"follow":     {followUsage, runFollow},
		"check":      {checkUsage, runCheck},
		"account":    {accountUsage, runAccount},
		"restore":    {restoreUsage, restore},
		"erase":      {eraseUsage, erase},
		"seen":       {seenUsage, seen},
		"deleted":    {deletedUsage, deleted},
		"duplicates": {duplicatesUsage, duplicates},
		"import":     {importUsage, importFiles},
		"export":     {exportUsage, export},
		"version":    {versionUsage, printVersion},
	}
}

// run does what the arguments say.
func run(ctx context.Context, args []string, w world) error {
	if len(args) == 0 {
		return usageError("say what to do; thalamus help tells what there is")
	}

	verb := args[0]
	switch verb {
	case "help", "-h", "--help":
		return help(args[1:], w)
	case "--version", "-version":
		verb = "version"
	}

	c, ok := commands()[verb]
	if !ok {
		return usageError(fmt.Sprintf("there is no command %q; thalamus help tells what there is", verb))
	}

	err := c.run(ctx, args[1:], w)
	if errors.Is(err, errHelp) {
		fmt.Fprint(w.stdout, c.usage)
		return nil
	}
	return err
}

// usageError is a mistake in the command line.
type usageError string

func (e usageError) Error() string { return string(e) }

// partlyError is a success of all but a part, which was told.
type partlyError string

func (e partlyError) Error() string { return string(e) }

// status tells what went wrong, in one line, and gives the exit status.
func status(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}

	fmt.Fprintln(stderr, "thalamus:", err)
	var usage usageError
	if errors.As(err, &usage) {
		return 2
	}

	var partly partlyError
	if errors.As(err, &partly) || errors.Is(err, follow.ErrGone) {
		return 3
	}
	return 1
}

func printVersion(_ context.Context, args []string, w world) error {
	if _, err := parse(newFlags("version"), args, 0); err != nil {
		return err
	}
	fmt.Fprintln(w.stdout, "thalamus", version)
	return nil
}
