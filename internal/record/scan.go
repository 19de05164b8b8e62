// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"bytes"
	"strconv"
	"unicode/utf16"
)

// scanner walks over JSON text that need not be well-formed and notes what
// encoding/json does not tell. What it finds counts only if the text is valid.
type scanner struct {
	text     []byte
	depth    int
	tooDeep  bool
	opened   bool   // an array or object has begun, and there is nothing in it yet
	elements int    // keys and elements of arrays
	fault    string // what the text holds that it must not, of that the first
	growth   int    // bytes that written-out numbers need beyond their literals
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
	default:
		s.opened = false
	}
}

func (s *scanner) blame(fault string) {
	if s.fault == "" {
		s.fault = fault
	}
}

// skipString gives the index behind the string whose content starts at i, and
// looks at its \u escapes.
func (s *scanner) skipString(i int) int {
	for i < len(s.text) {
		switch s.text[i] {
		case '"':
			return i + 1
		case '\\':
			i = s.skipEscape(i)
		default:
			i++
		}
	}
	return i
}

// skipEscape gives the index behind the escape at i. Of a surrogate pair it
// takes both halves.
func (s *scanner) skipEscape(i int) int {
	first, ok := s.unit(i)
	switch {
	case !ok:
		return i + 2
	case first == 0:
		s.blame(`the character \u0000, which cannot be stored`)
	case utf16.IsSurrogate(first):
		second, _ := s.unit(i + 6)
		if utf16.DecodeRune(first, second) == '\uFFFD' {
			s.blame("half a surrogate pair, which cannot be stored")
			return i + 6
		}
		return i + 12
	}
	return i + 6
}

// unit reads the UTF-16 code unit of an escape \uXXXX at i.
func (s *scanner) unit(i int) (rune, bool) {
	if i+6 > len(s.text) || s.text[i] != '\\' || s.text[i+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s.text[i+2:i+6]), 16, 16)
	return rune(n), err == nil
}

// skipNumber gives the index behind the number at i, and counts its digits.
func (s *scanner) skipNumber(i int) int {
	end := i
	for end < len(s.text) && bytes.IndexByte([]byte("+-.eE0123456789"), s.text[end]) >= 0 {
		end++
	}
	literal := s.text[i:end]
	digits := writtenOut(literal)
	if digits > MaxDigits {
		s.blame("a number of more than 1,000 digits")
		return end
	}
	s.growth += max(0, digits-len(literal))
	return end
}

// writtenOut counts the digits of a JSON number without its exponent: 12 for
// 1.5e11, 3 for 1.50. A wildly large exponent counts as far too many.
func writtenOut(literal []byte) int {
	mantissa, exponent, _ := bytes.Cut(bytes.ToLower(bytes.TrimPrefix(literal, []byte("-"))), []byte("e"))
	whole, fraction, _ := bytes.Cut(mantissa, []byte("."))
	shift := 0
	if len(exponent) > 0 {
		n, err := strconv.ParseInt(string(exponent), 10, 32)
		if err != nil || n > 2*MaxDigits || n < -2*MaxDigits {
			return MaxDigits + 1
		}
		shift = int(n)
	}
	return max(len(whole)+shift, 1) + max(len(fraction)-shift, 0)
}
