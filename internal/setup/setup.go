// SPDX-License-Identifier: GPL-3.0-or-later

// Package setup makes a hub serve on a machine that has the program: a list of steps, each of which
// knows whether it is done already, and which shell commands do it.
package setup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// Step is one thing that must be so before a hub serves.
type Step struct {
	Name string // of the state when it is done
	Left string // why it is left to a person; empty: it is not

	Done  func(ctx context.Context) bool  // it is so already, as far as can be seen
	Shell func() []string                 // lines for sh that make it so
	Do    func(ctx context.Context) error // the same without a shell; nil: by those lines
}

// Run does in their order the steps that are not done, and tells of each.
func Run(ctx context.Context, steps []Step, out io.Writer) error {
	for _, step := range steps {
		told := "done   "
		switch {
		case step.Left != "":
			told = "left   "
		case step.Done(ctx):
			told = "is so  "
		default:
			if err := step.do(ctx); err != nil {
				return fmt.Errorf("%s: %w", step.Name, err)
			}
		}

		fmt.Fprintln(out, told, step.Name)
		if step.Left != "" {
			fmt.Fprintln(out, "        ", step.Left)
		}
	}
	return nil
}

// Print changes nothing, and writes what Run would do as a script for sh.
func Print(ctx context.Context, steps []Step, out io.Writer) {
	fmt.Fprintln(out, "set -e")
	for _, step := range steps {
		if step.Left == "" && step.Done(ctx) {
			fmt.Fprintf(out, "\n# %s: is so\n", step.Name)
			continue
		}
		fmt.Fprintf(out, "\n# %s\n%s\n", step.Name, strings.Join(step.Shell(), "\n"))
	}
}

func (s Step) do(ctx context.Context) error {
	if s.Do != nil {
		return s.Do(ctx)
	}

	script := "set -e\n" + strings.Join(s.Shell(), "\n")
	out, err := exec.CommandContext(ctx, "sh", "-c", script).CombinedOutput()
	if said := strings.TrimSpace(string(out)); err != nil && said != "" {
		return errors.New(said)
	}

	return err
}
