// SPDX-License-Identifier: GPL-3.0-or-later

// Package account is about the accounts of a federation as its administrators see them in
// commands: the operating system's user who changes them, the roles of new ones, and lists of
// people who are to get one, with their first passwords.
package account

import (
	"os"
	"os/user"
	"strconv"
	"strings"
)

// Operator names the user of the operating system who runs a command, as history does, like
// "os/ana", or "os/root for ana" where sudo says so. No federation account is spelled so: an id
// has no slash.
func Operator(environ []string) string {
	return operatorName(userName(os.Getuid()), environ)
}

// operatorName adds the name that sudo has left in the environment. That name proves nothing: the user
// can set it.
func operatorName(name string, environ []string) string {
	name = "os/" + name
	for _, setting := range environ {
		if behind, ok := strings.CutPrefix(setting, "SUDO_USER="); ok && behind != "" {
			name += " for " + behind
		}
	}
	return name
}

// userName gives the name of a user, or the number where that has none.
func userName(uid int) string {
	number := strconv.Itoa(uid)
	known, err := user.LookupId(number)
	if err != nil {
		return number
	}
	return known.Username
}
