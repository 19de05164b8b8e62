// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// completions are what bash offers for the last word of a command line.
func completions(t *testing.T, line string) []string {
	t.Helper()
	completion, err := os.ReadFile("../../etc/packaging/completion.bash") // here, so that a change makes the test run again
	if err != nil {
		t.Fatal(err)
	}
	script := string(completion) + `
		thalamus() { ` + asProgram + `=1 "$PROGRAM" "$@"; }
		COMP_WORDS=($LINE) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		[ "${LINE% }" = "$LINE" ] || COMP_WORDS+=("") COMP_CWORD=$((COMP_CWORD + 1))
		_thalamus
		printf '%s\n' "${COMPREPLY[@]}"`
	bash := exec.CommandContext(t.Context(), "bash", "-c", script)
	bash.Env = append(os.Environ(), "PROGRAM="+os.Args[0], "LINE="+line)
	out, err := bash.Output()
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(string(out))
	slices.Sort(words)
	return words
}

func TestBashCompletesEveryCommand(t *testing.T) {
	t.Parallel()
	want := []string{"help"}
	for _, c := range table(environment{}).Commands {
		want = append(want, c.Name)
	}
	slices.Sort(want)
	if got := completions(t, "thalamus "); !slices.Equal(got, want) {
		t.Errorf("it offers %v, and there are %v", got, want)
	}
}

func TestBashCompletesCommandsOptionsAndFiles(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"thalamus mig":               "migrate",
		"thalamus hel":               "help",
		"thalamus help mig":          "migrate",
		"thalamus help change":       "change-feed changes",
		"thalamus change":            "",
		"thalamus migrate --":        "--check --config",
		"thalamus migrate --che":     "--check",
		"thalamus migrate serve_tes": "serve_test.go",
		"thalamus bogus --":          "",
	} {
		t.Run(line, func(t *testing.T) {
			if got := strings.Join(completions(t, line), " "); got != want {
				t.Errorf("%q: %q, not %q", line, got, want)
			}
		})
	}
}
