// SPDX-License-Identifier: GPL-3.0-or-later

package command

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAManPageIsMadeFromTheTable(t *testing.T) {
	t.Parallel()
	table := sample(&read{})
	table.Commands = table.Commands[:1]
	table.Commands[0].About = "Takes *two* of_a <kind>.\n\nok    it is\nfault  it is not"
	want := `# SYNOPSIS

**prog** *COMMAND* ...

# DESCRIPTION

It is a program.

That is all.

# COMMANDS

### prog two

**prog two** A B --text WORD \[--yes\] \[--number N\] \[--each X...\]

Takes \*two\* of\_a \<kind\>.

` + "```\nok    it is\nfault  it is not\n```" + `

**--text WORD**
:   a word

**--yes**
:   no question

**--number N**
:   a number; default 8

**--each X**
:   one of several

Not three.
`
	if diff := cmp.Diff(want, table.ManPage()); diff != "" {
		t.Error(diff)
	}
}

func TestAManPageHasTheCommandsOfAGroup(t *testing.T) {
	t.Parallel()
	page := sample(&read{}).ManPage()
	for _, want := range []string{"### prog group\n", "### prog group one\n\n**prog group one**\n", "### prog group signed\n"} {
		if !strings.Contains(page, want) {
			t.Errorf("there is no %q in %s", want, page)
		}
	}
}
