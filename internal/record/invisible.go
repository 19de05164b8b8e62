// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
)

// IsInvisible reports whether a character is not shown: a control character, or a format
// character, which only changes how others are shown.
func IsInvisible(c rune) bool { return unicode.In(c, unicode.Cc, unicode.Cf) }

// Visible is a text for a terminal, on one line: what could move its cursor or turn the
// line round is replaced.
func Visible(text string) string {
	return strings.Map(func(c rune) rune {
		if IsInvisible(c) || c == '\u2028' || c == '\u2029' {
			return unicode.ReplacementChar
		}
		return c
	}, text)
}

// AppendEscaped appends a character as JSON's escapes: two beyond those of 16 bits.
func AppendEscaped(b []byte, c rune) []byte {
	for _, unit := range utf16.AppendRune(nil, c) {
		b = fmt.Appendf(b, `\u%04x`, unit)
	}
	return b
}
