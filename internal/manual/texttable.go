// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	tables "github.com/yuin/goldmark/extension/ast"
)

// columnGap is between two columns of a table.
const columnGap = "  "

// table gives a table in columns, or where they have no room, each row as a list.
func (p parsed) table(table *tables.Table, width int) []string {
	var rows [][]string
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		rows = append(rows, p.cells(row))
	}

	widths, ok := columnWidths(rows, width)
	if !ok {
		return stacked(rows, width)
	}

	dashes := make([]string, len(widths))
	for i, width := range widths {
		dashes[i] = strings.Repeat("-", width)
	}

	var lines []string
	for _, row := range slices.Insert(rows, 1, dashes) {
		lines = append(lines, inColumns(row, widths)...)
	}
	return lines
}

// cells are the texts of a row. One that is code alone needs no marks.
func (p parsed) cells(row ast.Node) (texts []string) {
	for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
		only := cell.FirstChild()
		if code, ok := only.(*ast.CodeSpan); ok && code.NextSibling() == nil {
			texts = append(texts, p.plain(code))
			continue
		}
		texts = append(texts, p.inline(cell))
	}
	return texts
}

// columnWidths takes from the widest column until the table fits. No column gets narrower
// than its longest word; where that is too wide there are no columns.
func columnWidths(rows [][]string, width int) (widths []int, ok bool) {
	widths, least := make([]int, len(rows[0])), make([]int, len(rows[0]))
	for _, row := range rows {
		for i, text := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
			least[i] = max(least[i], longestWord(text))
		}
	}

	excess := len(columnGap)*(len(widths)-1) - width
	for _, w := range widths {
		excess += w
	}
	for ; excess > 0; excess-- {
		widest := widestAbove(least, widths)
		if widest < 0 {
			return nil, false
		}
		widths[widest]--
	}
	return widths, true
}

// widestAbove is the widest column that may get narrower, or -1.
func widestAbove(least, widths []int) int {
	widest := -1
	for i, width := range widths {
		if width > least[i] && (widest < 0 || width > widths[widest]) {
			widest = i
		}
	}
	return widest
}

func longestWord(text string) (longest int) {
	for _, word := range strings.Fields(text) {
		longest = max(longest, utf8.RuneCountInString(word))
	}
	return longest
}

// inColumns are the lines of a row.
func inColumns(row []string, widths []int) (lines []string) {
	var columns [][]string
	height := 0
	for i, text := range row {
		columns = append(columns, wrap(text, widths[i]))
		height = max(height, len(columns[i]))
	}

	for n := range height {
		line := ""
		for i, column := range columns {
			text := ""
			if n < len(column) {
				text = column[n]
			}
			line += columnGap[:len(columnGap)*min(i, 1)] + text + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

// stacked has the first cell of each row on a line, and below it the others, each behind the
// head of its column.
func stacked(rows [][]string, width int) (lines []string) {
	const further = codeIndent + columnGap // before each line of a cell but the first
	for i, row := range rows[1:] {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, row[0])

		for column, text := range row[1:] {
			if text != "" {
				cell := wrap(rows[0][column+1]+": "+text, width-len(further))
				lines = append(lines, indent(cell, codeIndent, further)...)
			}
		}
	}
	return lines
}
