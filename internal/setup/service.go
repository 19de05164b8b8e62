// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"thalamus/internal/config"
)

// Port is where the shipped socket unit listens.
const Port = "8443"

const (
	socket  = "thalamus.socket"
	service = "thalamus.service"
)

// Service is the step to a server that runs, also after the next start of the machine, and with
// the configuration as it is now.
func (p *Plan) Service() Step {
	step := Step{
		Name: "the server, and its start with the machine",
		Done: p.running,
		Shell: func() []string {
			return []string{
				"systemctl --quiet enable --now " + socket,
				"systemctl --quiet enable " + service,
				"systemctl --no-block restart " + service,
			}
		},
	}
	if _, err := os.Stat("/run/systemd/system"); err != nil {
		step.Left = "systemd does not run here; start, as the user " + p.options.User + ": thalamus serve" + config.Flag(p.options.Config())
	}

	return step
}

// running reports whether both units are enabled and active, the server since the configuration
// was changed last.
func (p *Plan) running(ctx context.Context) bool {
	for _, verb := range []string{"is-enabled", "is-active"} {
		for _, unit := range []string{socket, service} {
			if exec.CommandContext(ctx, "systemctl", "--quiet", verb, unit).Run() != nil {
				return false
			}
		}
	}

	since, err := strconv.ParseInt(strings.TrimPrefix(property(ctx, service, "ActiveEnterTimestamp"), "@"), 10, 64)
	if err != nil {
		return false
	}

	for _, name := range []string{"thalamus.toml", "database.url"} {
		info, err := os.Stat(p.options.path(name))
		if err != nil {
			continue
		}
		if info.ModTime().After(time.Unix(since+1, 0)) {
			return false
		}
	}

	return true
}

// property gives a property of a unit from systemd.
func property(ctx context.Context, unit, name string) string {
	out, _ := exec.CommandContext(ctx, "systemctl", "--timestamp=unix", "show", "-P", name, unit).Output()
	return strings.TrimSpace(string(out))
}
