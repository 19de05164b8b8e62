// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"strings"

	"thalamus/internal/spelling"
)

// suggest guesses a key in place of an unknown one: one of the same name in another section,
// or one that it is a misspelling of.
func (l *loader) suggest(name string) string {
	last := name[strings.LastIndex(name, ".")+1:]
	var keys, sections []string
	for _, k := range l.keys {
		if k.name == last {
			return k.dotted()
		}
		keys, sections = append(keys, k.dotted()), append(sections, k.section)
	}

	if section := spelling.Nearest(name, sections); section != "" {
		return "[" + section + "]"
	}
	return spelling.Nearest(name, keys)
}
