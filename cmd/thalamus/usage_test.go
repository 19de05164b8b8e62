// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"strings"
	"testing"
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
	for name := range commands() {
		if !strings.Contains(general, "thalamus "+name) {
			t.Errorf("the general page does not name %s", name)
		}
		for _, args := range [][]string{{"help", name}, {name, "--help"}, {name, "-h"}} {
			status, out := here(t, "", nil, args...)
			if status != 0 || !strings.HasPrefix(out, "Usage: thalamus "+name) {
				t.Errorf("%v: status %d: %s", args, status, out)
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

func TestOptionsStandAnywhereBeforeTwoDashes(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"a b": " a b", "--x 1 a b": "1 a b", "a --x 1 b": "1 a b", "a b --x 1": "1 a b", "a - --x 1": "1 a -",
		"a -- --x 1": " a --x 1", "--x 1 -- -a -b": "1 -a -b", "a -- b -- c": " a b -- c", "--": "",
	} {
		flags := newFlags("test")
		x := flags.String("x", "", "")
		rest, err := parse(flags, strings.Fields(line), anyNumber)
		if got := strings.Join(append([]string{*x}, rest...), " "); err != nil || got != want {
			t.Errorf("%q: %q, %v", line, got, err)
		}
	}
}
