// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// markdown makes tables without styles of their own, which the policy of pages forbids.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone))),
	goldmark.WithParserOptions(parser.WithAutoHeadingID()),
)

// parsed is a page's body as a tree, whose nodes point into the source.
type parsed struct {
	source []byte
	root   ast.Node
}

func (t Topic) parse() parsed {
	source := []byte(t.Body)
	return parsed{source, markdown.Parser().Parse(text.NewReader(source))}
}

// all gives every node of a type, in the order of the text.
func all[N ast.Node](root ast.Node) (found []N) {
	visit := func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if one, ok := node.(N); ok && entering {
			found = append(found, one)
		}
		return ast.WalkContinue, nil
	}

	_ = ast.Walk(root, visit) // visit has no error
	return found
}

// heading is the text of a heading, and the anchor that leads to it.
func (p parsed) heading(h *ast.Heading) (text, anchor string) {
	id, _ := h.AttributeString("id")
	raw, _ := id.([]byte)
	return p.plain(h), string(raw)
}

// plain is the text within a node, without its marks.
func (p parsed) plain(node ast.Node) string {
	var b strings.Builder
	for _, piece := range all[*ast.Text](node) {
		b.Write(piece.Segment.Value(p.source))
	}
	return b.String()
}

// lines is a block of code.
func (p parsed) lines(block ast.Node) []string {
	code := string(block.Lines().Value(p.source))
	return strings.Split(strings.TrimSuffix(code, "\n"), "\n")
}

// target takes a link to another page apart. It has no name if it leads elsewhere.
func target(link *ast.Link) (name, anchor string) {
	file, anchor, _ := strings.Cut(string(link.Destination), "#")
	name, isPage := strings.CutSuffix(file, ".md")
	if !isPage {
		return "", ""
	}
	return name, anchor
}
