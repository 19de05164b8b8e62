// SPDX-License-Identifier: GPL-3.0-or-later

// Package etc holds the files that are installed beside the program.
package etc

import _ "embed"

// Roles is the shipped roles.cfg.
//
//go:embed roles.cfg
var Roles []byte
