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

	"thalamus/internal/command"
	"thalamus/internal/config"
	"thalamus/internal/follow"
	"thalamus/internal/manual"
	"thalamus/internal/terminal"
)

// version may be set by the linker: make dist VERSION=1.2.3.
var version = "1.0.0"

func main() { os.Exit(execute(environment{config: config.DefaultFile, user: "thalamus"})) }

// execute runs what the command line of this process says, and gives the exit status.
func execute(env environment) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	env.stdin, env.stdout, env.stderr, env.environ = os.Stdin, os.Stdout, os.Stderr, os.Environ()
	return status(run(ctx, os.Args[1:], env), env.stderr)
}

// run does what the arguments say.
func run(ctx context.Context, args []string, env environment) error {
	commands := table(env)
	if len(args) > 0 {
		switch args[0] {
		case "help", "-h", "--help":
			return help(commands, args[1:], env)
		case "--version", "-version":
			args = append([]string{"version"}, args[1:]...)
		}
	}

	c, args, err := commands.Parse(args)
	if errors.Is(err, command.ErrHelp) {
		fmt.Fprint(env.stdout, commands.Page(c))
		return nil
	}
	if err != nil {
		return err
	}
	return c.Run(ctx, args)
}

// help prints the page of the command or the topic that the arguments name, or that of the
// program.
func help(commands command.Table, args []string, env environment) error {
	if len(args) == 0 {
		fmt.Fprint(env.stdout, commands.Overview())
		return nil
	}
	if args[0] == manMark {
		return manPage(commands, args[1:], env)
	}

	c, _, err := commands.Find(args)
	topic, isTopic := manual.Find(args[0])
	switch {
	case err == nil:
		fmt.Fprint(env.stdout, commands.Page(c))
	case isTopic:
		fmt.Fprint(env.stdout, topic.Text(terminal.Width(env.stdout)))
	default:
		return err
	}
	return nil
}

// partlyError is a success of all but a part, which was told.
type partlyError string

func (e partlyError) Error() string { return string(e) }

// status tells what went wrong, in one line, and gives the exit status.
func status(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}

	fmt.Fprintln(stderr, "thalamus:", err)
	var usage command.UsageError
	if errors.As(err, &usage) {
		return 2
	}

	var partly partlyError
	if errors.As(err, &partly) || errors.Is(err, follow.ErrGone) {
		return 3
	}
	return 1
}

func versionCommand(env environment) command.Command {
	return command.Command{
		Name: "version", Summary: "tell the version",
		About: "Tells the version, as thalamus --version does.",
		Run: func(context.Context, []string) error {
			fmt.Fprintln(env.stdout, "thalamus", version)
			return nil
		},
	}
}
