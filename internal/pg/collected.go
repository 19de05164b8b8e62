// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"fmt"
	"reflect"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// maxCollected is how many bytes of rows are collected: more than a piece of a list has.
const maxCollected = 2 << 20

// memory is the values of rows, one behind another. It is used again, as pgx does with its own: a value is
// good until the next row is asked for.
type memory struct {
	bytes  []byte
	values [][]byte
}

// maxReused is how many bytes are kept to be used again.
const maxReused = 256 << 10

var memories = sync.Pool{New: func() any { return new(memory) }}

// add adds a copy of a value: of NULL, nil.
func (m *memory) add(value []byte) {
	if value == nil {
		m.values = append(m.values, nil)
		return
	}
	from := len(m.bytes)
	m.bytes = append(m.bytes, value...)
	m.values = append(m.values, m.bytes[from:len(m.bytes):len(m.bytes)])
}

// reuse gives it back.
func (m *memory) reuse() {
	if cap(m.bytes) > maxReused {
		return
	}
	clear(m.values)
	m.bytes, m.values = m.bytes[:0], m.values[:0]
	memories.Put(m)
}

// collected are the rows of a replica. They are read into memory, as far as there is room, before the
// first is handed on: until then a replica may fail, and the primary is asked as if nothing had happened.
type collected struct {
	pgx.Rows          // those that are not in memory
	memory   *memory  // nil once closed
	values   [][]byte // of the rows in memory that are to come
	row      [][]byte // the values of the row that was handed on last; nil: it is not of those

	plans []pgtype.ScanPlan // for the values of a row
	types []reflect.Type    // of what these fill
}

// collect reads the rows of a replica. After an error there are none.
func (p *Pool) collect(from pgx.Rows) pgx.Rows {
	if p.primary == nil {
		return from
	}

	c := &collected{Rows: from}
	c.memory, _ = memories.Get().(*memory)
	for len(c.memory.bytes) < maxCollected && from.Next() {
		for _, value := range from.RawValues() {
			c.memory.add(value)
		}
	}

	if from.Err() == nil {
		c.values = c.memory.values
	}
	return c
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
	c.Rows.Close()
	c.values, c.row = nil, nil
	if c.memory != nil {
		c.memory.reuse()
		c.memory = nil
	}
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
	return c.scanValues(into)
}

// scanValues remembers how values of these types are read, as pgx does for other rows.
func (c *collected) scanValues(into []any) error {
	fields := c.FieldDescriptions()
	if len(into) != len(c.row) {
		return fmt.Errorf("%d columns for %d destinations", len(c.row), len(into))
	}
	if c.plans == nil {
		c.plans, c.types = make([]pgtype.ScanPlan, len(into)), make([]reflect.Type, len(into))
	}

	for i, to := range into {
		if to == nil { // of no interest
			continue
		}
		if is := reflect.TypeOf(to); c.types[i] != is {
			c.plans[i], c.types[i] = c.TypeMap().PlanScan(fields[i].DataTypeOID, fields[i].Format, to), is
		}
		if err := c.plans[i].Scan(c.row[i], to); err != nil {
			return pgx.ScanArgError{ColumnIndex: i, FieldName: fields[i].Name, Err: err}
		}
	}
	return nil
}
