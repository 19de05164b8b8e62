// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import "encoding/json"

// chance makes decisions out of bytes, so that the same bytes make the same ones. When
// they are used up every decision is the first one.
type chance struct{ bytes []byte }

// below gives a number from 0 to n-1; n is 256 at most.
func (c *chance) below(n int) int {
	if len(c.bytes) == 0 {
		return 0
	}
	first := int(c.bytes[0])
	c.bytes = c.bytes[1:]
	return first % n
}

// oneIn is true once in n times.
func (c *chance) oneIn(n int) bool { return c.below(n) == n-1 }

func pick[T any](c *chance, from ...T) T { return from[c.below(len(from))] }

// some gives bytes, fewer than n.
func (c *chance) some(n int) []byte {
	n = min(c.below(n), len(c.bytes))
	taken := c.bytes[:n]
	c.bytes = c.bytes[n:]
	return taken
}

// value makes a value of JSON of at most so many levels.
func (c *chance) value(levels int) any {
	kinds := 6
	if levels == 0 {
		kinds = 4
	}
	switch c.below(kinds) {
	case 0:
		return string([]rune(string(c.some(12))))
	case 1:
		return pick(c, "FUZZED000", "page-of-FUZZED000", "2024-05-01", "\u00e9\u202e", "<b>&'\"")
	case 2:
		return pick[any](c, nil, true, false)
	case 3:
		return pick(c, json.Number("0"), "-1", "1.50", "1e3", "12345678901234567890123", "1E-400")
	case 4:
		list := []any{}
		for range c.below(3) {
			list = append(list, c.value(levels-1))
		}
		return list
	}
	object := map[string]any{}
	for range c.below(3) {
		object[string(c.some(6))] = c.value(levels - 1)
	}
	return object
}
