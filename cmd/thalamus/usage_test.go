// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"strings"
	"testing"

	"thalamus/internal/command"
)

func TestAWrongCommandLineIsStatusTwoAndOneLine(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"", "bogus", "serve x", "serve --bogus", "serve --config", "migrate --check=maybe",
		"account", "account add", "account remove X --role root", "demo --port x", "version x", "help bogus",
	} {
		status, out := here(t, "", nil, strings.Fields(line)...)
		if status != 2 || !strings.HasPrefix(out, "thalamus: ") || strings.Count(out, "\n") != 1 {
			t.Errorf("%q: status %d: %s", line, status, out)
		}
	}
}

func TestEveryCommandHasItsPage(t *testing.T) {
	t.Parallel()
	_, general := here(t, "", nil, "help")
	for _, c := range table(environment{}).Commands {
		if !strings.Contains(general, "    thalamus "+c.Name) {
			t.Errorf("the general page does not name %s", c.Name)
		}
		for _, one := range append(c.Commands, c) {
			wantPage(t, one)
		}
	}
}

// wantPage wants the page of a command whichever way it is asked for, with each of its flags.
func wantPage(t *testing.T, c command.Command) {
	t.Helper()
	for _, line := range []string{"help " + c.Name, c.Name + " --help", c.Name + " -h"} {
		status, out := here(t, "", nil, strings.Fields(line)...)
		if status != 0 || !strings.HasPrefix(out, "Usage: thalamus "+c.Name) {
			t.Errorf("%s: status %d: %s", line, status, out)
		}
		for _, f := range c.Flags {
			if !strings.Contains(out, "\n    --"+f.Name) {
				t.Errorf("%s does not tell of --%s: %s", line, f.Name, out)
			}
		}
	}
}

func TestTheVersionIsToldInEveryUsualWay(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"version", "--version", "-version"} {
		if status, out := here(t, "", nil, line); status != 0 || out != "thalamus "+version+"\n" {
			t.Errorf("%s: status %d: %s", line, status, out)
		}
	}
}
