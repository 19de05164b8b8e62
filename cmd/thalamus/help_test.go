// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"thalamus/internal/command"
	"thalamus/internal/manual"
)

func TestHelpPrintsEveryTopic(t *testing.T) {
	t.Parallel()
	_, general := here(t, "", nil, "help")
	for _, topic := range manual.Topics() {
		if !strings.Contains(general, "    thalamus help "+topic.Name+" ") || !strings.Contains(general, topic.Purpose) {
			t.Errorf("the general page does not tell of %s: %s", topic.Name, general)
		}
		if status, out := here(t, "", nil, "help", topic.Name); status != 0 || out != topic.Text(80) {
			t.Errorf("%s: status %d: %.300s", topic.Name, status, out)
		}
	}
}

func TestTheHelpOnACommandGoesBeforeThatOnATopic(t *testing.T) {
	t.Parallel()
	roles := command.Command{Name: "roles", Run: func(context.Context, []string) error { return nil }}
	var out bytes.Buffer
	err := help(command.Table{Program: "thalamus", Commands: []command.Command{roles}}, []string{"roles"}, environment{stdout: &out})
	if err != nil || out.String() != "Usage: thalamus roles\n" {
		t.Errorf("%v: %s", err, out.String())
	}
}

func TestAMisspeltTopicOrCommandIsGuessed(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"help rolse": "is it help roles? ", "help migarte": "is it migrate? ", "migarte": "is it migrate? ", "account lst": "is it account list? ",
		"help account lst": "is it account list? ", "api-giude": "is it help api-guide? ",
	} {
		t.Run(line, func(t *testing.T) {
			status, out := here(t, "", nil, strings.Fields(line)...)
			if status != 2 || !strings.Contains(out, want) || strings.Count(out, "\n") != 1 {
				t.Errorf("%s: status %d: %s", line, status, out)
			}
		})
	}
}
