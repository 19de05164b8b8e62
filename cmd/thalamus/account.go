// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"thalamus/internal/api"
	"thalamus/internal/config"
	"thalamus/internal/fed"
)

// account is "thalamus account add".
func account(ctx context.Context, args []string, w world) error {
	flags := newFlags("account")
	file := flags.String("config", "", "")
	var roles []string
	flags.Func("role", "", func(names string) error {
		roles = append(roles, strings.Split(names, ",")...)
		return nil
	})
	words, err := parse(flags, args, 2)
	if err != nil {
		return err
	}
	if words[0] != "add" || len(roles) == 0 {
		return usageError("write: thalamus account add ID --role ROLE")
	}
	c, log, err := configure(*file, w)
	if err != nil {
		return err
	}
	id, err := api.NewPersonID(words[1])
	if err != nil {
		return err
	}
	if err := knownRoles(c, roles, log); err != nil {
		return err
	}
	person, err := newAccount(id, roles, c, w)
	if err != nil {
		return err
	}
	return addAccount(ctx, c, *file, id, person, w)
}

func knownRoles(c config.Config, roles []string, log *slog.Logger) error {
	policy, err := loadPolicy(c, log)
	if err != nil {
		return err
	}
	for _, role := range roles {
		if !slices.Contains(policy.Roles(), role) {
			return fmt.Errorf("%s has no role %q; it has %s", c.Access.Roles, role, strings.Join(policy.Roles(), ", "))
		}
	}
	return nil
}

// newAccount asks for a password and makes the person's record.
func newAccount(id string, roles []string, c config.Config, w world) (fed.Record, error) {
	password, err := askPassword(w)
	if err != nil {
		return nil, err
	}
	rules := passwords(c)
	if err := rules.CheckNew(id, password); err != nil {
		return nil, err
	}
	hash, err := rules.Hash(password)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"id": id, "roles": roles, "active": true, "password": hash})
}

func addAccount(ctx context.Context, c config.Config, file, id string, person fed.Record, w world) error {
	db, err := openFit(ctx, c, file)
	if err != nil {
		return err
	}
	defer db.Close()
	_, created, err := db.CreatePerson(ctx, id, person, fed.Record("{}"))
	if err != nil {
		return err
	}
	if !created {
		return fmt.Errorf("%s exists already; nothing was changed", id)
	}
	fmt.Fprintln(w.stdout, "created", id)
	return nil
}

// askPassword asks twice on a terminal; otherwise it takes one line.
func askPassword(w world) (string, error) {
	terminal, ok := w.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		line, err := bufio.NewReader(w.stdin).ReadString('\n')
		if err != nil && (!errors.Is(err, io.EOF) || line == "") {
			return "", errors.New("no password on standard input; write it as one line")
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	first, err := askHidden(terminal, w.stderr, "Password: ")
	if err != nil {
		return "", err
	}
	again, err := askHidden(terminal, w.stderr, "The same again: ")
	if err != nil {
		return "", err
	}
	if !bytes.Equal(first, again) {
		return "", errors.New("the two passwords are not the same")
	}
	return string(first), nil
}

func askHidden(terminal *os.File, prompt io.Writer, question string) ([]byte, error) {
	fmt.Fprint(prompt, question)
	answer, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(prompt)
	if err != nil {
		return nil, fmt.Errorf("read the password: %w", err)
	}
	return answer, nil
}
