// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"thalamus/internal/auth"
	"thalamus/internal/record"
	"thalamus/internal/terminal"
)

// askHash asks for a new password of an account and makes its hash.
func askHash(id string, rules record.PasswordRules, env environment) (string, error) {
	password, err := terminal.AskNewPassword(env.stdin, env.stderr)
	if err != nil {
		return "", err
	}
	if err := rules.CheckNew(id, password); err != nil {
		return "", err
	}
	return auth.Hash(password, rules.Cost)
}
