// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"fmt"
	"unicode"
	"unicode/utf16"
)

// Unseen reports whether a character has no look of its own: a control character, or
// one that only says how others are shown.
func Unseen(c rune) bool { return unicode.In(c, unicode.Cc, unicode.Cf) }

// AppendEscaped appends a character as JSON's escapes: two beyond those of 16 bits.
func AppendEscaped(b []byte, c rune) []byte {
	for _, unit := range utf16.AppendRune(nil, c) {
		b = fmt.Appendf(b, `\u%04x`, unit)
	}
	return b
}
