// SPDX-License-Identifier: GPL-3.0-or-later

package migrations

import "strings"

// statements splits SQL at the semicolons that end statements: none in a text, a quoted name, a comment, or
// between dollars.
func statements(sql string) (all []string) {
	begun, i := 0, 0
	for i < len(sql) {
		if sql[i] == ';' {
			all = append(all, strings.TrimSpace(sql[begun:i+1]))
			begun = i + 1
		}
		i += token(sql[i:])
	}

	rest := strings.TrimSpace(sql[begun:])
	if rest != "" {
		all = append(all, rest)
	}
	return all
}

// token gives the length of what is not to be looked into, or 1.
func token(sql string) int {
	switch sql[0] {
	case '\'', '"':
		return until(sql, sql[:1])
	case '-':
		if strings.HasPrefix(sql, "--") {
			return until(sql, "\n")
		}
	case '$':
		tag, _, closed := strings.Cut(sql[1:], "$")
		if closed && isName(tag) {
			return until(sql[len(tag)+1:], "$"+tag+"$") + len(tag) + 1
		}
	}

	return 1
}

// until gives the length of sql up to the end of the next place, after its first byte, where it has an end.
func until(sql, end string) int {
	before, _, found := strings.Cut(sql[1:], end)
	if !found {
		return len(sql)
	}
	return 1 + len(before) + len(end)
}

// isName tells the tag between dollars from a parameter.
func isName(tag string) bool {
	return tag == "" || strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz_") == ""
}
