// SPDX-License-Identifier: GPL-3.0-or-later

package command

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheOverviewListsCommandsInTheirOrder(t *testing.T) {
	t.Parallel()
	want := `It is a program.

Usage:

    prog two A B                      take two
    prog many FILE...                 take many
    prog group COMMAND                some commands

    prog help weather                 rain and sun

That is all.
`
	if diff := cmp.Diff(want, sample(&read{}).Overview()); diff != "" {
		t.Error(diff)
	}
}

func TestAPageIsLaidOutFromItsRow(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"two": `Usage: prog two A B --text WORD [--yes] [--number N] [--each X...]

Takes two.

    --text WORD   a word
    --yes         no question
    --number N    a number; default 8
    --each X      one of several

Not three.
`,
		"group": `Usage: prog group one
       prog group signed --text WORD [--yes] [--number N] [--each X...]

They are related.

    one      the first
    signed   the other

prog help group COMMAND tells more about one.
`,
		"group one": "Usage: prog group one\n",
	} {
		t.Run(name, func(t *testing.T) {
			table := sample(&read{})
			c, _, err := table.Find(strings.Fields(name))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, table.Page(c)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		})
	}
}

func TestLongLinesAreWrappedBesideTheirLabel(t *testing.T) {
	t.Parallel()
	c := Command{Name: "long", Run: sample(&read{}).Commands[0].Run, Flags: []Flag{
		{Name: "a", Placeholder: "A", Help: strings.Repeat("words ", 20)},
		{Name: "a-name-that-is-long", Placeholder: "FILE", Help: "its help"},
		{Name: "b", Placeholder: "WITH-SOME-PLACEHOLDER-THAT-IS-LONG", Help: "stands below"},
	}}
	want := `Usage: prog long [--a A] [--a-name-that-is-long FILE]
                 [--b WITH-SOME-PLACEHOLDER-THAT-IS-LONG]

    --a A   words words words words words words words words words words words words
            words words words words words words words words
    --a-name-that-is-long FILE
            its help
    --b WITH-SOME-PLACEHOLDER-THAT-IS-LONG
            stands below
`
	if diff := cmp.Diff(want, Table{Program: "prog"}.Page(c)); diff != "" {
		t.Error(diff)
	}
}
