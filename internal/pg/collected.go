// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"github.com/jackc/pgx/v5"
)

// maxCollected is how many bytes of rows are collected: more than a piece of a list has.
const maxCollected = 2 << 20

// collected are the rows of a replica. They are read into memory, as far as there is room, before the
// first is handed on: until then a replica may fail, and the primary is asked as if nothing had happened.
type collected struct {
	pgx.Rows          // those that are not in memory
	values   [][]byte // of the rows in memory, one row behind another
	row      [][]byte // the values of the row that was handed on last; nil: it is not of those
}

// collect reads the rows of a replica. After an error there are none.
func (p *Pool) collect(from pgx.Rows) pgx.Rows {
	if p.primary == nil {
		return from
	}

	c := &collected{Rows: from}
	bytes := 0
	for bytes < maxCollected && from.Next() {
		bytes += c.add(from.RawValues())
	}

	if from.Err() != nil {
		c.values = nil
	}
	return c
}

// add takes a copy of a row.
func (c *collected) add(row [][]byte) (size int) {
	for _, value := range row {
		size += len(value)
	}

	memory := make([]byte, 0, size)
	for _, value := range row {
		if value == nil {
			c.values = append(c.values, nil)
			continue
		}
		from := len(memory)
		memory = append(memory, value...)
		c.values = append(c.values, memory[from:len(memory):len(memory)])
	}
	return size
}

// Next implements pgx.Rows.
func (c *collected) Next() bool {
	if len(c.values) == 0 {
		c.row = nil
		return c.Rows.Next()
	}

	width := len(c.FieldDescriptions())
	c.row, c.values = c.values[:width], c.values[width:]
	return true
}

// Close implements pgx.Rows.
func (c *collected) Close() {
	c.values, c.row = nil, nil
	c.Rows.Close()
}

// RawValues implements pgx.Rows.
func (c *collected) RawValues() [][]byte {
	if c.row != nil {
		return c.row
	}
	return c.Rows.RawValues()
}

// Scan implements pgx.Rows.
func (c *collected) Scan(into ...any) error {
	if c.row == nil {
		return c.Rows.Scan(into...)
	}

	if len(into) == 1 {
		if whole, ok := into[0].(pgx.RowScanner); ok {
			return whole.ScanRow(c)
		}
	}
	return pgx.ScanRow(c.TypeMap(), c.FieldDescriptions(), c.row, into...)
}
