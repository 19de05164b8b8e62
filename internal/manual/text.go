// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	tables "github.com/yuin/goldmark/extension/ast"
)

// codeIndent is before each line of code.
const codeIndent = "    "

// Text is the topic for a terminal that is so many columns wide. Lines of code, and words
// that are longer than a line, are not broken.
func (t Topic) Text(width int) string {
	p := t.parse()
	lines := underlined(t.Title, "=")
	lines = append(lines, "")
	lines = append(lines, wrap(t.Purpose, width)...)
	lines = append(lines, "")
	lines = append(lines, p.blocks(p.root, width, true)...)
	return strings.Join(lines, "\n") + "\n"
}

// blocks are the lines of all blocks within a node, apart if there is a blank line between
// each two.
func (p parsed) blocks(parent ast.Node, width int, apart bool) (lines []string) {
	for block := parent.FirstChild(); block != nil; block = block.NextSibling() {
		if apart && len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, p.block(block, width)...)
	}
	return lines
}

func (p parsed) block(block ast.Node, width int) []string {
	switch block := block.(type) {
	case *ast.Heading:
		return p.headingLines(block)
	case *ast.Paragraph, *ast.TextBlock:
		return wrap(p.inline(block), width)
	case *ast.FencedCodeBlock:
		return indent(p.lines(block), codeIndent, codeIndent)
	case *ast.List:
		return p.list(block, width)
	case *tables.Table:
		return p.table(block, width)
	}
	panic(fmt.Sprintf("a page has a %s", block.Kind())) // a test reads every page
}

func (p parsed) headingLines(h *ast.Heading) []string {
	if h.Level == 2 {
		return underlined(p.inline(h), "-")
	}
	return []string{p.inline(h)}
}

func underlined(text, line string) []string {
	return []string{text, strings.Repeat(line, utf8.RuneCountInString(text))}
}

func (p parsed) list(list *ast.List, width int) (lines []string) {
	number := list.Start
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		if !list.IsTight && len(lines) > 0 {
			lines = append(lines, "")
		}

		mark := "- "
		if list.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		blocks := p.blocks(item, width-len(mark), !list.IsTight)
		lines = append(lines, indent(blocks, mark, strings.Repeat(" ", len(mark)))...)
	}
	return lines
}

// indent puts one text before the first line, and another before the others that are not
// empty.
func indent(lines []string, first, other string) (indented []string) {
	for i, line := range lines {
		switch {
		case i == 0:
			line = first + line
		case line != "":
			line = other + line
		}
		indented = append(indented, line)
	}
	return indented
}

// inline is what stands within a block, on one line. Code keeps its marks; a link to another
// page says how that is printed.
func (p parsed) inline(parent ast.Node) string {
	var b strings.Builder
	for node := parent.FirstChild(); node != nil; node = node.NextSibling() {
		switch node := node.(type) {
		case *ast.Text:
			b.Write(node.Segment.Value(p.source))
			if node.SoftLineBreak() {
				b.WriteString(" ")
			}
		case *ast.CodeSpan:
			b.WriteString("`" + p.plain(node) + "`")
		case *ast.Link:
			b.WriteString(p.inline(node) + destination(node))
		case *ast.Image:
			b.WriteString("(picture: " + p.inline(node) + ")")
		case *ast.AutoLink:
			b.Write(node.Label(p.source))
		default:
			b.WriteString(p.inline(node))
		}
	}
	return b.String()
}

// destination says where a link leads, unless it is within the page.
func destination(link *ast.Link) string {
	name, _ := target(link)
	switch {
	case name != "":
		return " (thalamus help " + name + ")"
	case strings.HasPrefix(string(link.Destination), "#"):
		return ""
	}
	return " (" + string(link.Destination) + ")"
}

// wrap breaks a text into lines of this width, where it has blanks.
func wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
