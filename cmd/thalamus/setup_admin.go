// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"thalamus/internal/account"
	"thalamus/internal/command"
	"thalamus/internal/logging"
	"thalamus/internal/setup"
	"thalamus/internal/terminal"
)

// administrator is the first one, if there is none yet.
type administrator struct {
	id     string // empty: it is asked for
	config string
	env    environment

	password string // that was made up, to be told
}

// step is the one to an account that can administer others.
func (a *administrator) step() setup.Step {
	return setup.Step{
		Name: "an administrator",
		Done: a.there,
		Do:   a.add,
		Shell: func() []string {
			return []string{withConfig("thalamus account add "+cmp.Or(a.id, "ID")+" --role root --role end_user", a.config)}
		},
	}
}

// there reports whether somebody administers accounts.
func (a *administrator) there(ctx context.Context) bool {
	c, db, err := openConfigured(ctx, a.config, a.env.withoutOutput(), 0)
	if err != nil {
		return false
	}
	defer db.Close()

	policy, err := loadPolicy(c, logging.New(c.Log, io.Discard))
	if err != nil {
		return false
	}

	has, err := db.HasAdministrator(ctx, policy.Administrators())
	return has && err == nil
}

// add makes the account. Its password is asked for on a terminal, or the first line of standard
// input; if that is empty, one is made up.
func (a *administrator) add(ctx context.Context) error {
	if err := a.ask(); err != nil {
		return err
	}

	password, err := terminal.AskNewPassword(a.env.stdin, a.env.stderr)
	if err != nil && terminal.Is(a.env.stdin) {
		return err
	}

	if password == "" {
		password, err = a.makeUp()
		if err != nil {
			return err
		}
	}

	env := a.env.withoutStdout()
	env.stdin = strings.NewReader(password + "\n")
	return run(ctx, []string{"account", "add", a.id, "--role", "root", "--role", "end_user", "--config", a.config}, env)
}

// makeUp makes a first password that the configuration takes, to be told at the end.
func (a *administrator) makeUp() (password string, err error) {
	c, _, err := configure(a.config, a.env.withoutOutput())
	if err != nil {
		return "", err
	}

	const strong = 20 // characters: some 70 bits, for the account that opens all others
	a.password, err = account.FirstPassword(max(strong, c.Passwords.MinLength))
	return a.password, err
}

func (a *administrator) ask() (err error) {
	if a.id != "" {
		return nil
	}
	if !terminal.Is(a.env.stdin) {
		return command.UsageError("there is none yet; say --admin ID")
	}

	a.id, err = terminal.AskLine(a.env.stdin, a.env.stderr, "Federation account of the first administrator, like ESPGNU777ADM: ")
	if err != nil {
		return err
	}

	fmt.Fprintln(a.env.stderr, "Now a password; with none, one is made up.")
	return nil
}

// tell shows a password that was made up, this once.
func (a *administrator) tell() {
	if a.password != "" {
		fmt.Fprintf(a.env.stdout, "\nThe first password of %s is %s; write it down, it is not shown again.\n", a.id, a.password)
	}
}
