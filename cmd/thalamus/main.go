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
	"syscall"

	"thalamus/internal/follow"
)

// version may be set by the linker: make dist VERSION=1.2.3.
var version = "1.0.0"

func main() { os.Exit(execute(environment{config: "/etc/thalamus/thalamus.toml", user: "thalamus"})) }

// execute runs what the command line of this process says, and gives the exit status.
func execute(env environment) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	env.stdin, env.stdout, env.stderr, env.environ = os.Stdin, os.Stdout, os.Stderr, os.Environ()
	return status(run(ctx, os.Args[1:], env), env.stderr)
}

// command is one of the program's verbs.
type command struct {
	usage string
	run   func(ctx context.Context, args []string, env environment) error
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
func run(ctx context.Context, args []string, env environment) error {
	if len(args) == 0 {
		return usageError("say what to do; thalamus help tells what there is")
	}

	verb := args[0]
	switch verb {
	case "help", "-h", "--help":
		return help(args[1:], env)
	case "--version", "-version":
		verb = "version"
	}

	c, ok := commands()[verb]
	if !ok {
		return usageError(fmt.Sprintf("there is no command %q; thalamus help tells what there is", verb))
	}

	err := c.run(ctx, args[1:], env)
	if errors.Is(err, errHelp) {
		fmt.Fprint(env.stdout, c.usage)
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

func printVersion(_ context.Context, args []string, env environment) error {
	if _, err := parse(newFlags("version"), args, 0); err != nil {
		return err
	}
	fmt.Fprintln(env.stdout, "thalamus", version)
	return nil
}
