// SPDX-License-Identifier: GPL-3.0-or-later

package command

import (
	"fmt"
	"strings"
)

// ManPage is the body of the program's man page, with all commands, as Markdown.
func (t Table) ManPage() string {
	sections := []string{"# SYNOPSIS", "**" + t.Program + "** *COMMAND* ...", "# DESCRIPTION", prose(t.About), prose(t.Notes), "# COMMANDS"}
	for _, c := range t.Commands {
		sections = append(sections, t.manSections(c)...)
		for _, one := range c.Commands {
			sections = append(sections, t.manSections(one)...)
		}
	}
	return paragraphs(sections...)
}

// manSections are the title, the usage, the text and the flags of a command.
func (t Table) manSections(c Command) []string {
	name := t.Program + " " + c.Name
	usage := strings.Fields("**" + name + "** " + escape(c.Arguments))
	for _, f := range c.Flags {
		usage = append(usage, escape(f.usage()))
	}

	sections := []string{"### " + name, strings.Join(usage, " "), prose(c.About)}
	for _, f := range c.Flags {
		sections = append(sections, fmt.Sprintf("**%s**\n:   %s", escape(f.label()), escape(f.help())))
	}
	return append(sections, prose(c.Notes))
}

// prose makes Markdown of a text. Paragraphs with columns or an indentation stay as they are.
func prose(text string) string {
	var all []string
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		if strings.Contains(paragraph, "  ") {
			all = append(all, "```\n"+paragraph+"\n```")
			continue
		}
		all = append(all, escape(paragraph))
	}
	return paragraphs(all...)
}

// escape takes away the meaning that characters have in Markdown.
func escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `_`, `\_`, "`", "\\`", `[`, `\[`, `]`, `\]`, `<`, `\<`, `>`, `\>`, `|`, `\|`, `#`, `\#`).Replace(text)
}
