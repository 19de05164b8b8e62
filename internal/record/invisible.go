// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"fmt"
	"unicode"
	"unicode/utf16"
)

// IsInvisible reports whether a character is not shown: a control character, or a format
// character, which only changes how others are shown.
func IsInvisible(c rune) bool { return unicode.In(c, unicode.Cc, unicode.Cf) }

// AppendEscaped appends a character as JSON's escapes: two beyond those of 16 bits.
func AppendEscaped(b []byte, c rune) []byte {
	for _, unit := range utf16.AppendRune(nil, c) {
		b = fmt.Appendf(b, `\u%04x`, unit)
	}
	return b
}
