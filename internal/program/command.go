// SPDX-License-Identifier: GPL-3.0-or-later

package program

import (
	"context"
	"os"
	"os/exec"
	"strings"
)

// The configuration that is shipped, from the top of the sources.
const (
	ConfigFile = "etc/thalamus.toml"
	RolesFile  = "etc/roles.cfg"
)

// Command prepares a command of a thalamus with its shipped configuration, on a database. Of the
// program's variables only those given here are in its environment.
func Command(ctx context.Context, thalamus, url, verb string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, thalamus, append(append([]string{verb}, args...), "--config", ConfigFile)...)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "THALAMUS_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}

	cmd.Env = append(cmd.Env, "THALAMUS_DATABASE_URL="+url, "THALAMUS_ACCESS_ROLES="+RolesFile, "THALAMUS_SERVER_LISTEN=127.0.0.1:0")
	return cmd
}
