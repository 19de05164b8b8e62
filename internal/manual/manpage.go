// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"fmt"
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

// described are the files that a topic describes, by its name. Its man page is called like the file.
var described = map[string]string{"configuration": "thalamus.toml", "roles": "roles.cfg"}

// Sections of man.
const (
	fileFormats   = 5
	miscellaneous = 7
)

// ManName is the name of the topic's man page, and its section.
func (t Topic) ManName() (name string, section int) {
	file, ok := described[t.Name]
	if ok {
		return file, fileFormats
	}
	return "thalamus-" + t.Name, miscellaneous
}

// ManReference is how other man pages name that of the topic.
func (t Topic) ManReference() string {
	name, section := t.ManName()
	return fmt.Sprintf("**%s**(%d)", name, section)
}

// ManPage is the body of the topic's man page, as Markdown. Its tables are laid out, because
// man does not break their lines; its links name other man pages.
func (t Topic) ManPage() string {
	body := pictureMark.ReplaceAllString(t.Body, "(picture: $1)")
	body = pageLink.ReplaceAllStringFunc(body, func(link string) string {
		parts := pageLink.FindStringSubmatch(link)
		return parts[1] + " (" + Topic{Name: parts[2]}.ManReference() + ")"
	})
	body = placeLink.ReplaceAllString(body, "$1")
	return "# DESCRIPTION\n\n" + tableLines.ReplaceAllStringFunc(body, func(table string) string {
		p := Topic{Body: table}.parse()
		lines := p.table(all[*tables.Table](p.root)[0], manTableWidth)
		return "```\n" + strings.Join(lines, "\n") + "\n```\n"
	})
}
