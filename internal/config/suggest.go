// SPDX-License-Identifier: GPL-3.0-or-later

package config

import "strings"

// suggest guesses a key in place of an unknown one: one of the same name in another section,
// or one with at most two letters wrong.
func (l *loader) suggest(name string) string {
	last := name[strings.LastIndex(name, ".")+1:]
	best, least := "", 3
	for _, k := range l.keys {
		if k.name == last {
			return k.dotted()
		}

		if d := editDistance(k.dotted(), name); d < least {
			best, least = k.dotted(), d
		}

		if d := editDistance(k.section, name); d < least {
			best, least = "["+k.section+"]", d
		}
	}

	return best
}

// editDistance counts the letters to insert, remove or replace to make b of a.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}

	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1

		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}

	return row[len(b)]
}
