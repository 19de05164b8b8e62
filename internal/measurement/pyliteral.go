// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of a literal; a page has some hundred bytes in three levels.
const (
	maxLiteral = 64 << 10 // bytes
	maxLevels  = 20
)

// literalJSON gives a value as JSON that Python's repr has printed, as the hospitals'
// system sends its measurements: {'bp': {'systolic': 120, 'diastolic': 80}, 't': Decimal('36.5')}.
// Numbers keep their digits. It takes what repr prints of dictionaries with texts as
// keys, lists, texts, numbers, decimals, None, True and False, and nothing else: no
// tuple, nan, double key or lone surrogate, which JSON cannot say.
func literalJSON(text string) (value []byte, ok bool) {
	if len(text) > maxLiteral || !utf8.ValidString(text) {
		return nil, false
	}

	p := literalParser{rest: text}
	if !p.value(0) || p.skipSpace() != "" {
		return nil, false
	}
	return p.json, true
}

// literalParser goes through a literal, and writes it down as JSON. Its methods are
// false where the literal does not go on as it must.
type literalParser struct {
	rest string
	json []byte
}

func (p *literalParser) skipSpace() string {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	return p.rest
}

// take goes past a text, if that is next.
func (p *literalParser) take(text string) bool {
	rest, found := strings.CutPrefix(p.skipSpace(), text)
	p.rest = rest
	return found
}

func (p *literalParser) write(json string) bool {
	p.json = append(p.json, json...)
	return true
}

var literalWords = [...]struct{ python, json string }{{"None", "null"}, {"True", "true"}, {"False", "false"}}

var (
	literalNumber  = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`)
	literalDecimal = regexp.MustCompile(`^Decimal\('(-?(0|[1-9][0-9]*)(\.[0-9]+)?(E[+-]?[0-9]+)?)'\)`)
)

func (p *literalParser) value(level int) bool {
	if level > maxLevels {
		return false
	}

	switch rest := p.skipSpace(); {
	case strings.HasPrefix(rest, "{"):
		return p.dictionary(level)
	case strings.HasPrefix(rest, "["):
		return p.list(level)
	case strings.HasPrefix(rest, "'"), strings.HasPrefix(rest, `"`):
		text, ok := p.text()
		return ok && p.writeText(text)
	}

	for _, word := range literalWords {
		if p.take(word.python) {
			return p.write(word.json)
		}
	}
	if number := literalDecimal.FindStringSubmatch(p.rest); number != nil {
		return p.take(number[0]) && p.write(number[1])
	}
	number := literalNumber.FindString(p.rest)
	return number != "" && p.take(number) && p.write(number)
}

func (p *literalParser) list(level int) bool {
	return p.take("[") && p.write("[") && p.items("]", func() bool { return p.value(level + 1) })
}

func (p *literalParser) dictionary(level int) bool {
	keys := map[string]bool{}
	return p.take("{") && p.write("{") && p.items("}", func() bool {
		p.skipSpace()
		key, ok := p.text()
		if !ok || keys[key] {
			return false
		}
		keys[key] = true
		return p.writeText(key) && p.take(":") && p.write(":") && p.value(level+1)
	})
}

// items takes what stands between brackets, with commas between.
func (p *literalParser) items(end string, item func() bool) bool {
	if p.take(end) {
		return p.write(end)
	}

	for item() {
		if p.take(end) {
			return p.write(end)
		}
		if !p.take(",") || !p.write(",") {
			return false
		}
	}
	return false
}

// writeText writes a text as people shall read it, should it be shown within its object: with < and > as they are.
func (p *literalParser) writeText(text string) bool {
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a text can always be

	return p.write(strings.TrimSuffix(quoted.String(), "\n"))
}

// literalEscapes has the escapes of one character; the others are hexadecimal, of
// these many digits.
var (
	literalEscapes = map[byte]string{'\\': `\`, '\'': `'`, '"': `"`, 'n': "\n", 'r': "\r", 't': "\t"}
	literalDigits  = map[byte]int{'x': 2, 'u': 4, 'U': 8}
)

// text takes a text in either of the quotes.
func (p *literalParser) text() (text string, ok bool) {
	if p.rest == "" || p.rest[0] != '\'' && p.rest[0] != '"' {
		return "", false
	}

	quote := p.rest[:1]
	p.rest = p.rest[1:]
	var b strings.Builder
	for {
		end := strings.IndexAny(p.rest, quote+"\\\n\r")
		if end < 0 {
			return "", false
		}
		b.WriteString(p.rest[:end])
		stop := p.rest[end:]
		p.rest = stop[1:]
		if stop[:1] == quote {
			return b.String(), true
		}

		escaped, ok := p.escape(stop)
		if !ok {
			return "", false
		}
		b.WriteString(escaped)
	}
}

// escape takes what follows a backslash; a line that ends within a text is none.
func (p *literalParser) escape(stop string) (text string, ok bool) {
	if len(stop) < 2 || stop[0] != '\\' {
		return "", false
	}

	kind := stop[1]
	p.rest = stop[2:]
	digits, isCode := literalDigits[kind]
	if !isCode {
		text, ok = literalEscapes[kind]
		return text, ok
	}

	if len(p.rest) < digits {
		return "", false
	}
	code, err := strconv.ParseUint(p.rest[:digits], 16, 32)
	p.rest = p.rest[digits:]
	if err != nil || !utf8.ValidRune(rune(code)) {
		return "", false
	}
	return string(rune(code)), true
}
