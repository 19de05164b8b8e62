// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"thalamus/internal/auth"
	"thalamus/internal/record"
)

// askHash asks for a new password of an account and makes its hash.
func askHash(id string, rules record.PasswordRules, env environment) (string, error) {
	password, err := askPassword(env)
	if err != nil {
		return "", err
	}
	if err := rules.CheckNew(id, password); err != nil {
		return "", err
	}
	return auth.Hash(password, rules.Cost)
}

// askPassword asks twice on a terminal; otherwise it takes one line.
func askPassword(env environment) (string, error) {
	terminal, ok := env.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		line, err := bufio.NewReader(env.stdin).ReadString('\n')
		if err != nil && (!errors.Is(err, io.EOF) || line == "") {
			return "", errors.New("no password on standard input; write it as one line")
		}
		return strings.TrimRight(line, "\r\n"), nil
	}

	first, err := askHidden(terminal, env.stderr, "Password: ")
	if err != nil {
		return "", err
	}

	again, err := askHidden(terminal, env.stderr, "The same again: ")
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
