// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"strings"
	"testing"

	tables "github.com/yuin/goldmark/extension/ast"
)

func TestAManPageNamesOthersAndHasItsTablesLaidOut(t *testing.T) {
	t.Parallel()
	page := Topic{Body: sample}.ManPage()
	for _, want := range []string{
		"# DESCRIPTION\n\nAn *important* `word`", "of another (**thalamus-other**(7)), of this\nand [elsewhere](https://example.org/).",
		"```\nkey  value\n---  ", "\na    ein größeres `Wort` und noch eins\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("there is no %q in %s", want, page)
		}
	}
}

func TestAManPageNamesThatOfAFileByTheFile(t *testing.T) {
	t.Parallel()
	page := Topic{Body: "The [roles](roles.md#the-file) and the [configuration](configuration.md).\n"}.ManPage()
	want := "The roles (**roles.cfg**(5)) and the configuration (**thalamus.toml**(5))."
	if !strings.Contains(page, want) {
		t.Errorf("there is no %q in %s", want, page)
	}
}

// Code that looks like a table would be laid out as one.
func TestEveryTableIsFoundForAManPage(t *testing.T) {
	t.Parallel()
	for _, topic := range Topics() {
		want := len(all[*tables.Table](topic.parse().root))
		if got := len(tableLines.FindAllString(topic.Body, -1)); got != want {
			t.Errorf("%s: of %d tables %d are found", topic.Name, want, got)
		}
	}
}
