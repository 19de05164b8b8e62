// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

const sample = "An *important* `word` of a paragraph that is long, [of another](other.md#part), [of this](#one)\n" +
	"and [elsewhere](https://example.org/).\n\n" +
	"## One\n\n### Part of it\n\n" +
	"- an item of a list whose text is long\n- another\n\n" +
	"1. first\n\n2. second\n\n   ```sh\n   go  on\n   ```\n\n" +
	"```json\n{\"a line that is longer than the page\": 1}\n```\n\n" +
	"| key | value |\n|---|--:|\n| `a` | ein größeres `Wort` und noch eins |\n| `b` | |\n"

func TestAPageIsLaidOutForATerminal(t *testing.T) {
	t.Parallel()
	want := `Title
=====

the purpose

An important ` + "`word`" + ` of a
paragraph that is long, of
another (thalamus help other),
of this and elsewhere
(https://example.org/).

One
---

Part of it

- an item of a list whose text
  is long
- another

1. first

2. second

       go  on

    {"a line that is longer than the page": 1}

key  value
---  -------------------------
a    ein größeres ` + "`Wort`" + ` und
     noch eins
b
`
	got := Topic{Name: "sample", Title: "Title", Purpose: "the purpose", Body: sample}.Text(30)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestATableThatHasNoRoomInColumnsIsALongList(t *testing.T) {
	t.Parallel()
	const body = "| path | endpoint | what |\n|---|---|---|\n| `/a-long-path` | `long-endpoint` | something |\n| `/short` | | something that is longer |\n"
	want := `/a-long-path
    endpoint: long-endpoint
    what: something

/short
    what: something that is
      longer
`
	_, got, _ := strings.Cut(Topic{Title: "T", Purpose: "p", Body: body}.Text(30), "p\n\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A line is longer than the terminal only where it cannot be broken.
func TestEveryPageFitsTheTerminal(t *testing.T) {
	t.Parallel()
	for _, topic := range Topics() {
		for _, width := range []int{40, 80, 132} {
			for line := range strings.Lines(topic.Text(width)) {
				line = strings.TrimSuffix(line, "\n")
				isCode := strings.HasPrefix(line, codeIndent)
				if utf8.RuneCountInString(line) > width && !isCode && strings.Contains(strings.TrimLeft(line, " -"), " ") {
					t.Errorf("%s, %d columns: %s", topic.Name, width, line)
				}
			}
		}
	}
}
