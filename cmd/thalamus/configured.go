// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"errors"
	"io/fs"
	"os"

	"thalamus/internal/command"
)

// configFlag is --config, by default the environment's file where there is one. What is there
// and cannot be read, be it a link to nowhere, is named too, so that reading tells why.
func configFlag(into *string, env environment) command.Flag {
	*into = env.config
	if _, err := os.Lstat(env.config); errors.Is(err, fs.ErrNotExist) {
		*into = ""
	}
	return command.Flag{Name: "config", Placeholder: "FILE", Default: env.config, Help: "configuration", Into: into}
}
