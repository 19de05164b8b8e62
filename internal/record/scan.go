// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner walks through a JSON text that need not be well-formed, for the facts that
// encoding/json does not tell. They count only if the text is valid.
type scanner struct {
	text     []byte
	depth    int
	tooDeep  bool
	opened   bool   // an array or object has begun, and there is nothing in it yet
	elements int    // keys and elements of arrays
	fault    string // the first content that is not allowed
	size     int    // bytes; see Limits
}

func scan(text []byte) scanner {
	s := scanner{text: text}
	for i := 0; i < len(text) && !s.tooDeep; {
		switch c := text[i]; {
		case c == '"':
			s.opened = false
			i = s.skipString(i + 1)
		case c == '-' || '0' <= c && c <= '9':
			s.opened = false
			i = s.skipNumber(i)
		default:
			s.nest(c)
			i++
		}
	}
	return s
}

// nest follows arrays and objects. Each has one element more than commas, unless
// it is empty.
func (s *scanner) nest(c byte) {
	switch c {
	case '{', '[':
		s.depth++
		s.tooDeep = s.depth > MaxDepth
		s.elements++
		s.opened = true
	case '}', ']':
		s.depth--
		if s.opened {
			s.elements--
		}
		s.opened = false
	case ',':
		s.elements++
	case ' ', '\t', '\r', '\n':
		return
	default:
		s.opened = false
	}
	s.size++
}

// refuse keeps the first fault.
func (s *scanner) refuse(fault string) {
	if s.fault == "" {
		s.fault = fault
	}
}

// skipString gives the index past the string whose content starts at i, and
// looks at its \u escapes.
func (s *scanner) skipString(i int) int {
	s.size += len(`""`)
	for i < len(s.text) {
		switch s.text[i] {
		case '"':
			return i + 1
		case '\\':
			i = s.skipEscape(i)
		default:
			i++
			s.size++
		}
	}
	return i
}

// skipEscape gives the index past the escape at i, which is both halves of a surrogate
// pair.
func (s *scanner) skipEscape(i int) int {
	first, ok := s.codeUnit(i)
	switch {
	case !ok:
		s.size += shortEscapeSize(s.text[i:])
		return i + 2
	case first == 0:
		s.refuse(`the character \u0000, which cannot be stored`)
	case utf16.IsSurrogate(first):
		second, _ := s.codeUnit(i + 6)
		if utf16.DecodeRune(first, second) == '\uFFFD' {
			s.refuse("half a surrogate pair, which cannot be stored")
			return i + 6
		}
		s.size += utf8.UTFMax
		return i + 12
	}
	s.size += storedSize(first)
	return i + 6
}

// shortEscapeSize is how many bytes PostgreSQL needs for an escape of two.
func shortEscapeSize(text []byte) int {
	if bytes.HasPrefix(text, []byte(`\/`)) {
		return 1
	}
	return 2
}

// storedSize is how many bytes PostgreSQL needs for a character of a string.
func storedSize(c rune) int {
	switch {
	case strings.ContainsRune("\"\\\b\f\n\r\t", c):
		return 2
	case c < ' ':
		return len(`\u0001`)
	}
	return utf8.RuneLen(c)
}

// codeUnit reads the UTF-16 code unit of an escape \uXXXX at i.
func (s *scanner) codeUnit(i int) (rune, bool) {
	if i+6 > len(s.text) || s.text[i] != '\\' || s.text[i+1] != 'u' {
		return 0, false
	}

	n, err := strconv.ParseUint(string(s.text[i+2:i+6]), 16, 16)
	if err != nil {
		return 0, false
	}
	return rune(n), true
}

// skipNumber gives the index past the number at i, and counts its digits.
func (s *scanner) skipNumber(i int) int {
	end := i
	for end < len(s.text) && bytes.IndexByte([]byte("+-.eE0123456789"), s.text[end]) >= 0 {
		end++
	}

	digits, size := expandedSize(s.text[i:end])
	if digits > MaxDigits {
		s.refuse("a number of more than 1,000 digits")
	}
	s.size += size
	return end
}

// expandedSize counts the digits and the bytes of a JSON number when it is written without
// an exponent: 12 and 12 for 1.5e11, 3 and 4 for 1.50. A wildly large exponent counts as
// far too many.
func expandedSize(literal []byte) (digits, size int) {
	unsigned, negative := bytes.CutPrefix(literal, []byte("-"))
	mantissa, shift, ok := cutExponent(unsigned)
	if !ok {
		return MaxDigits + 1, MaxDigits + 1
	}

	whole, fraction, _ := bytes.Cut(mantissa, []byte("."))
	whole = bytes.TrimLeft(whole, "0")
	significant := len(whole) + len(fraction)
	if len(whole) == 0 {
		significant = len(bytes.TrimLeft(fraction, "0"))
	}

	decimals := max(len(fraction)-shift, 0)
	digits = decimals + 1
	if significant > 0 {
		digits = decimals + max(significant+shift-len(fraction), 1)
	}

	size = digits
	if decimals > 0 {
		size += len(".")
	}
	if negative && significant > 0 {
		size += len("-")
	}
	return digits, size
}

// cutExponent gives the exponent of a number, 0 if it has none; ok is false if it is wild.
func cutExponent(number []byte) (mantissa []byte, exponent int, ok bool) {
	i := bytes.IndexAny(number, "eE")
	if i < 0 {
		return number, 0, true
	}

	exponent, err := strconv.Atoi(string(number[i+1:]))
	if err != nil {
		return nil, 0, false
	}
	return number[:i], exponent, max(exponent, -exponent) <= 2*MaxDigits
}
