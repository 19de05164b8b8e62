// SPDX-License-Identifier: GPL-3.0-or-later

package main

import "io"

// environment is what a command sees outside of its arguments.
type environment struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string
	config         string // the configuration where --config names none, if there is such a file
	user           string // the user as which check looks, if root runs it and there is such a user
}

// withoutStdout discards what a command prints, and keeps its warnings.
func (e environment) withoutStdout() environment {
	e.stdout = io.Discard
	return e
}

// withoutOutput discards what a command prints, and its warnings.
func (e environment) withoutOutput() environment {
	e.stdout, e.stderr = io.Discard, io.Discard
	return e
}
