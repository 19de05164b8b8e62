// SPDX-License-Identifier: GPL-3.0-or-later

package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// read is what a command was told.
type read struct {
	text, each string
	yes        bool
	number     uint
}

// sample is a table with a command of each kind of flag, and with a group.
func sample(r *read) Table {
	run := func(context.Context, []string) error { return nil }
	flags := []Flag{
		{Name: "text", Placeholder: "WORD", Help: "a word", Required: true, Into: &r.text},
		{Name: "yes", Help: "no question", Into: &r.yes},
		{Name: "number", Placeholder: "N", Help: "a number", Default: "8", Into: &r.number},
		{Name: "each", Placeholder: "X", Help: "one of several", Repeated: true, Into: func(x string) error {
			if x == "bad" {
				return errors.New("it is bad")
			}
			r.each += x
			return nil
		}},
	}
	return Table{
		Program: "prog", About: "It is a program.", Notes: "That is all.",
		Topics: []Topic{{"weather", "rain and sun"}},
		Commands: []Command{
			{Name: "two", Arguments: "A B", Count: 2, Summary: "take two", About: "Takes two.", Notes: "Not three.", Flags: flags, Run: run},
			{Name: "many", Arguments: "FILE...", Count: AnyNumber, Summary: "take many", Flags: flags, Run: run},
			{Name: "group", Arguments: "COMMAND", Summary: "some commands", About: "They are related.", Commands: []Command{
				{Name: "group one", Summary: "the first", Run: run},
				{Name: "group signed", Count: 1, Summary: "the other", Flags: flags, Run: run, Take: func(args []string) []string {
					return slices.DeleteFunc(args, func(arg string) bool { return arg == "-x" })
				}},
			}},
		},
	}
}

func TestACommandLineIsReadByItsRow(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"two a b":                             `two [a b] { "" false 8}`,
		"two --text w a b --yes":              `two [a b] {w "" true 8}`,
		"two a --number=9 b":                  `two [a b] { "" false 9}`,
		"many --each 1 --each 2":              `many [] { "12" false 8}`,
		"many a -- --yes":                     `many [a --yes] { "" false 8}`,
		"group one":                           `group one [] { "" false 8}`,
		"group signed -x ID --yes":            `group signed [ID] { "" true 8}`,
		"two --yes=false -text w -- -a -b":    `two [-a -b] {w "" false 8}`,
		"many - --text w":                     `many [-] {w "" false 8}`,
		"many a -- b -- c":                    `many [a b -- c] { "" false 8}`,
		"many --":                             `many [] { "" false 8}`,
		"many --text w a --text v b --text u": `many [a b] {u "" false 8}`,
	} {
		t.Run(line, func(t *testing.T) {
			r := read{number: 8}
			c, args, err := sample(&r).Parse(strings.Fields(line))
			got := fmt.Sprintf("%s %v {%s %q %v %d}", c.Name, args, r.text, r.each, r.yes, r.number)
			if err != nil || got != want {
				t.Errorf("%q: %s, %v, not %s", line, got, err, want)
			}
		})
	}
}

func TestAMistakeIsToldWithTheWayToHelp(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"":                     "say what to do; prog help tells what there is",
		"bogus":                `there is no command "bogus"; prog help tells what there is`,
		"group bogus":          `there is no command "group bogus"; see prog help group`,
		"mnay":                 `there is no command "mnay"; is it many? prog help tells what there is`,
		"wether":               `there is no command "wether"; is it help weather? prog help tells what there is`,
		"group singed":         `there is no command "group singed"; is it group signed? see prog help group`,
		"group":                "group needs another word; see prog help group",
		"group --yes":          "group: flag provided but not defined: -yes; see prog help group",
		"two a":                "two takes 2 arguments, not 1 (a); see prog help two",
		"two a b c":            "two takes 2 arguments, not 3 (a b c); see prog help two",
		"two a b --bogus":      "two: flag provided but not defined: -bogus; see prog help two",
		"two a b --text":       "two: flag needs an argument: -text; see prog help two",
		"two a b --number x":   `two: invalid value "x" for flag -number: parse error; see prog help two`,
		"two a b --each bad":   `two: invalid value "bad" for flag -each: it is bad; see prog help two`,
		"group signed --bogus": "group signed: flag provided but not defined: -bogus; see prog help group signed",
	} {
		t.Run(line, func(t *testing.T) {
			_, _, err := sample(&read{}).Parse(strings.Fields(line))
			var mistake UsageError
			if !errors.As(err, &mistake) || err.Error() != want {
				t.Errorf("%q: %v, not %s", line, err, want)
			}
		})
	}
}

func TestHelpIsAskedForAnywhereBeforeTwoDashes(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"two --help", "two a -h", "two a b --yes --help", "group --help", "group one -h"} {
		if _, _, err := sample(&read{}).Parse(strings.Fields(line)); !errors.Is(err, ErrHelp) {
			t.Errorf("%q: %v", line, err)
		}
	}
	if _, args, err := sample(&read{}).Parse([]string{"two", "--", "--help", "-h"}); err != nil || len(args) != 2 {
		t.Errorf("behind two dashes: %v, %v", args, err)
	}
}
