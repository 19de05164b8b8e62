// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"bytes"
	"html/template"
	"sync"

	"github.com/yuin/goldmark/ast"
	tables "github.com/yuin/goldmark/extension/ast"

	"thalamus/internal/web"
)

// pages are all topics for browsers, by name. They are made once: everybody may ask for them.
var pages = sync.OnceValue(func() map[string]web.ManualPage {
	made := map[string]web.ManualPage{}
	for _, topic := range Topics() {
		made[topic.Name] = topic.page()
	}
	return made
})

// page is the topic for browsers. Its links to other pages are relative, and so stay behind
// the path of a proxy.
func (t Topic) page() web.ManualPage {
	p := t.parse()
	for _, link := range all[*ast.Link](p.root) {
		link.Destination = relative(link)
	}
	for _, table := range all[*tables.Table](p.root) {
		p.nameCells(table)
	}

	var body bytes.Buffer
	if err := markdown.Renderer().Render(&body, p.source, p.root); err != nil {
		panic(err) // the page is embedded, and a buffer takes everything
	}
	return web.ManualPage{
		Lang: t.Lang, Title: t.Title, Purpose: t.Purpose, Contents: p.contents(),
		Body: template.HTML(body.String()), //nolint:gosec // our own text
	}
}

// nameCells tells screen readers which cells are heads, and where there are more than two
// columns each cell its head, for narrow windows, where a row is a list.
func (p parsed) nameCells(table *tables.Table) {
	var heads []string
	for _, cell := range all[*tables.TableCell](table.FirstChild()) {
		cell.SetAttributeString("scope", []byte("col"))
		heads = append(heads, p.plain(cell))
	}

	for _, row := range all[*tables.TableRow](table) {
		for i, cell := range all[*tables.TableCell](row) {
			if i > 0 && len(heads) > 2 {
				cell.SetAttributeString("data-head", []byte(heads[i]))
			}
		}
	}
}

// relative is where a link of a page leads from there.
func relative(link *ast.Link) []byte {
	name, anchor := target(link)
	switch {
	case name == "":
		return link.Destination
	case anchor == "":
		return []byte(name)
	}
	return []byte(name + "#" + anchor)
}

// contents lists the sections of a page.
func (p parsed) contents() (list []web.ManualLink) {
	for _, h := range all[*ast.Heading](p.root) {
		if h.Level == 2 {
			text, anchor := p.heading(h)
			list = append(list, web.ManualLink{To: "#" + anchor, Text: text})
		}
	}
	return list
}
