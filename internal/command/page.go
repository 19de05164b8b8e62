// SPDX-License-Identifier: GPL-3.0-or-later

package command

import (
	"fmt"
	"strings"
)

// Columns of a page.
const (
	width     = 88
	maxLabel  = 22 // a longer flag has its help on the next line
	indent    = "    "
	separator = "   " // between a label and its help
)

// Overview is the page of the whole program.
func (t Table) Overview() string {
	var lines strings.Builder
	for _, c := range t.Commands {
		label := strings.TrimSpace(t.Program + " " + c.Name + " " + c.Arguments)
		fmt.Fprintf(&lines, "%s%-33s %s\n", indent, label, c.Summary)
	}
	return paragraphs(t.About, "Usage:", lines.String(), t.topics(), t.Notes)
}

// topics lists what else help tells of.
func (t Table) topics() string {
	var lines strings.Builder
	for _, topic := range t.Topics {
		fmt.Fprintf(&lines, "%s%-33s %s\n", indent, t.Program+" help "+topic.Name, topic.Summary)
	}
	return lines.String()
}

// Page is the page of a command.
func (t Table) Page(c Command) string {
	if c.Run == nil {
		return t.groupPage(c)
	}
	return paragraphs("Usage: "+t.usage(c), c.About, describe(labels(c.Flags)), c.Notes)
}

// groupPage has a usage line for each command of a group.
func (t Table) groupPage(group Command) string {
	var usages []string
	var summaries [][2]string
	for _, c := range group.Commands {
		usages = append(usages, t.usage(c))
		summaries = append(summaries, [2]string{strings.TrimPrefix(c.Name, group.Name+" "), c.Summary})
	}

	more := fmt.Sprintf("%s help %s COMMAND tells more about one.", t.Program, group.Name)
	return paragraphs("Usage: "+strings.Join(usages, "\n       "), group.About, describe(summaries), more, group.Notes)
}

// usage is the line that shows how a command is written, or several if it is long.
func (t Table) usage(c Command) string {
	begin := "Usage: " + t.Program + " " + c.Name
	pieces := strings.Fields(c.Arguments)
	for _, f := range c.Flags {
		pieces = append(pieces, f.usage())
	}
	return strings.TrimPrefix(wrap(begin, pieces, len(begin)+1), "Usage: ")
}

func (f Flag) usage() string {
	text := f.label()
	if f.Repeated {
		text += "..."
	}
	if f.Required {
		return text
	}
	return "[" + text + "]"
}

func (f Flag) label() string { return strings.TrimSpace("--" + f.Name + " " + f.Placeholder) }

// labels gives each flag with its help.
func labels(flags []Flag) (all [][2]string) {
	for _, f := range flags {
		all = append(all, [2]string{f.label(), f.help()})
	}
	return all
}

func (f Flag) help() string {
	if f.Default == "" {
		return f.Help
	}
	return f.Help + "; default " + f.Default
}

// describe writes labels with their texts in a column beside them.
func describe(all [][2]string) string {
	column := 0
	for _, one := range all {
		if len(one[0]) <= maxLabel {
			column = max(column, len(one[0]))
		}
	}

	var page strings.Builder
	margin := len(indent) + column + len(separator)
	for _, one := range all {
		begin := indent + fmt.Sprintf("%-*s", column, one[0]) + separator[1:]
		if len(one[0]) > column {
			begin = indent + one[0] + "\n" + strings.Repeat(" ", margin-1)
		}
		page.WriteString(wrap(begin, strings.Fields(one[1]), margin) + "\n")
	}
	return page.String()
}

// wrap writes words behind a beginning, with a margin on each further line.
func wrap(begin string, words []string, margin int) string {
	text, line := begin, len(begin)-strings.LastIndex(begin, "\n")-1
	for _, word := range words {
		if line+1+len(word) > width {
			text += "\n" + strings.Repeat(" ", margin) + word
			line = margin + len(word)
			continue
		}
		text += " " + word
		line += 1 + len(word)
	}
	return text
}

// paragraphs joins texts with a blank line between each two; empty ones are left out.
func paragraphs(texts ...string) string {
	var some []string
	for _, text := range texts {
		text = strings.Trim(text, "\n")
		if text != "" {
			some = append(some, text)
		}
	}
	return strings.Join(some, "\n\n") + "\n"
}
