// SPDX-License-Identifier: GPL-3.0-or-later

package config

import "thalamus/internal/shell"

// DefaultFile is the configuration that commands read where it is there.
const DefaultFile = "/etc/thalamus/thalamus.toml"

// Flag is the end of a command line for a shell, with a blank before it, that makes a command read
// a file; "" for DefaultFile, and for none.
func Flag(file string) string {
	if file == "" || file == DefaultFile {
		return ""
	}
	return " --config " + shell.QuoteVisible(file)
}
