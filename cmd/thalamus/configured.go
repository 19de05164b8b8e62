// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"errors"
	"flag"
	"io/fs"
	"os"
)

// configFlag adds --config, by default the environment's file where there is one. What is there
// and cannot be read, be it a link to nowhere, is named too, so that reading tells why.
func configFlag(flags *flag.FlagSet, env environment) *string {
	file := env.config
	if _, err := os.Lstat(file); errors.Is(err, fs.ErrNotExist) {
		file = ""
	}
	return flags.String("config", file, "")
}
