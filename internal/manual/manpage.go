// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"regexp"
	"strings"

	tables "github.com/yuin/goldmark/extension/ast"
)

// manTableWidth is that of a table in a man page on a terminal of 80 columns.
const manTableWidth = 72

// pageLink is a link to another page, placeLink one within a page, pictureMark a picture, and tableLines a
// table.
var (
	pictureMark = regexp.MustCompile(`!\[([^\]]+)\]\([^)]*\)`)
	pageLink    = regexp.MustCompile(`\[([^\]]+)\]\(([a-z-]+)\.md(?:#[^)]*)?\)`)
	placeLink   = regexp.MustCompile(`\[([^\]]+)\]\(#[^)]*\)`)
	tableLines  = regexp.MustCompile(`(?m)(?:^\|.*\n)+`)
)

// ManPage is the body of the topic's man page, as Markdown. Its tables are laid out, because
// man does not break their lines; its links name other man pages.
func (t Topic) ManPage() string {
	body := pictureMark.ReplaceAllString(t.Body, "(picture: $1)")
	body = pageLink.ReplaceAllString(body, "$1 (**thalamus-$2**(7))")
	body = placeLink.ReplaceAllString(body, "$1")
	return "# DESCRIPTION\n\n" + tableLines.ReplaceAllStringFunc(body, func(table string) string {
		p := Topic{Body: table}.parse()
		lines := p.table(all[*tables.Table](p.root)[0], manTableWidth)
		return "```\n" + strings.Join(lines, "\n") + "\n```\n"
	})
}
