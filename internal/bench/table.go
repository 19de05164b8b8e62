// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// number is a figure of a table; NaN, which JSON does not have, is null there
// and empty in print.
type number float64

var absent = number(math.NaN())

// MarshalJSON is json.Marshaler's.
func (n number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// UnmarshalJSON is json.Unmarshaler's.
func (n *number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*n = absent
		return nil
	}
	return json.Unmarshal(text, (*float64)(n))
}

// table is what one section found.
type table struct {
	Name    string   `json:"name"` // of the section
	Title   string   `json:"title"`
	Of      string   `json:"of"` // what the rows are
	Columns []column `json:"columns"`
	Rows    []row    `json:"rows"`
	Notes   []string `json:"notes"`
}

type column struct {
	Name   string `json:"name"`   // with the unit
	Digits int    `json:"digits"` // behind the point
	Better string `json:"better"` // more, less, or "" where neither is
}

type row struct {
	Label  string   `json:"label"`
	Values []number `json:"values"` // one for each column
}

func (t *table) add(label string, values ...number) {
	t.Rows = append(t.Rows, row{label, values})
}

// String writes Markdown that is readable as it is.
func (t table) String() string {
	lines := [][]string{{t.Of}}
	for _, c := range t.Columns {
		lines[0] = append(lines[0], c.Name)
	}
	for _, r := range t.Rows {
		line := []string{r.Label}
		for i, v := range r.Values {
			line = append(line, t.Columns[i].format(v))
		}
		lines = append(lines, line)
	}
	text := "### " + t.Title + "\n\n" + align(lines)
	for _, note := range t.Notes {
		text += "\n" + note + "\n"
	}
	return text
}

func (c column) format(v number) string {
	if math.IsNaN(float64(v)) {
		return ""
	}
	return strconv.FormatFloat(float64(v), 'f', c.Digits, 64)
}

// align writes a Markdown table whose first line is the header and whose first
// column is text; the others are numbers.
func align(lines [][]string) string {
	width := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			width[i] = max(width[i], utf8.RuneCountInString(cell), 3)
		}
	}
	var b strings.Builder
	for n, line := range lines {
		for i, cell := range line {
			left := width[i]
			if i == 0 {
				left = -left
			}
			fmt.Fprintf(&b, "| %*s ", left, cell)
		}
		b.WriteString("|\n")
		if n == 0 {
			b.WriteString(ruler(width))
		}
	}
	return b.String()
}

func ruler(width []int) string {
	text := "|" + strings.Repeat("-", width[0]+2)
	for _, w := range width[1:] {
		text += "|" + strings.Repeat("-", w+1) + ":"
	}
	return text + "|\n"
}
