// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"fmt"
	"strings"
)

// PageParts are parts of pages, each of which is a reason to read a page. Pages that have none are left out, but for
// some of which that cannot be told.
type PageParts struct {
	Members  []string // a value at one of these keys, but for null and ""
	Keys     []string // or one of these texts at one of these keys
	Texts    []string
	Measured []string // or measurements at these keys; 30 at most

	// Wants is asked before each piece whether measurements at a key are wanted from there on.
	Wants func(measured string) bool
}

// partsRows is how many pages the first piece has: they tell which measurements are wanted of the others.
const partsRows = 50

// partsChoice chooses among the pages of a book that are still to come.
type partsChoice struct {
	*bookList
	*PageParts
	parts []int32 // of each of them: the bits of measurements, and one of all else
	last  int32   // of the page that was read last
}

// choose has a list leave out what its reader wants no longer.
func (l *bookList) choose(parts *PageParts) {
	c := &partsChoice{bookList: l, PageParts: parts}
	l.beside += `, parts`
	l.into = append(l.into, &c.last)
	l.rows, l.row, l.narrow = partsRows, c.note, c.leaveOut
}

const (
	toldBit     = 1
	measuredBit = 2 // of the first key; those of the others follow
)

// note keeps the parts of each page that the first statement finds.
func (c *partsChoice) note(n int) {
	if !c.begun {
		c.parts = append(c.parts[:n], c.last)
	}
}

// leaveOut leaves out the pages of which nothing is wanted from here on.
func (c *partsChoice) leaveOut(ids []string) []string {
	wanted := int32(toldBit)
	for i, key := range c.Measured {
		if c.Wants(key) {
			wanted |= measuredBit << i
		}
	}

	c.parts = c.parts[len(c.parts)-len(ids):]
	kept := 0
	for i, id := range ids {
		if c.parts[i]&wanted != 0 {
			ids[kept], c.parts[kept] = id, c.parts[i]
			kept++
		}
	}
	c.parts = c.parts[:kept]
	return ids[:kept]
}

// of gives the column parts of a page, as SQL.
func (p *PageParts) of(args *parameters) string {
	return `LATERAL (SELECT translate(data ->> 'measurements', '"', '''') AS measured OFFSET 0) AS text,
		LATERAL (SELECT ` + p.told(args) + ` | ` + p.bits(args) + ` AS parts OFFSET 0) AS page`
}

// told is the bit of what a page says besides measurements, as SQL.
func (p *PageParts) told(args *parameters) string {
	var any []string
	for _, key := range p.Members {
		any = append(any, `data ->> `+args.add(key)+`::text <> ''`)
	}

	texts := args.add(p.Texts)
	for _, key := range p.Keys {
		any = append(any, `data ->> `+args.add(key)+`::text = ANY (`+texts+`::text[])`)
	}
	return fmt.Sprintf(`CASE WHEN %s THEN %d ELSE 0 END`, strings.Join(any, ` OR `), toldBit)
}

// bits are those of measurements, as SQL. In a text of Python a key stands in either of the quotes, and where there
// is a backslash it may be written in many ways.
func (p *PageParts) bits(args *parameters) string {
	var each []string
	all := 0
	for i, key := range p.Measured {
		bit := measuredBit << i
		all |= bit
		each = append(each, fmt.Sprintf(`CASE WHEN strpos(measured, %s::text) > 0 THEN %d ELSE 0 END`, args.add("'"+key+"'"), bit))
	}
	return fmt.Sprintf(`CASE WHEN measured IS NULL THEN 0 WHEN strpos(measured, '\') > 0 THEN %d ELSE %s END`, all, strings.Join(each, ` | `))
}
