// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"regexp"
	"strconv"
	"strings"
)

// setting is a key of thalamus.toml and the value that it is to have, as TOML; without a value it is
// to be a comment.
type setting struct{ section, key, toml string }

// document is a thalamus.toml, line by line.
type document []string

// find gives the number of the first line of a section that this matches, or -1.
func (d document) find(section string, line *regexp.Regexp) int {
	inside := false
	for i, text := range d {
		if strings.HasPrefix(text, "[") {
			inside = strings.HasPrefix(text, "["+section+"]")
		}
		if inside && line.MatchString(text) {
			return i
		}
	}

	return -1
}

// value gives what a key has, a text without its quotation marks; "" for one that is a comment, or
// not there.
func (d document) value(section, key string) string {
	at := d.find(section, regexp.MustCompile(`^\s*`+key+`\s*=`))
	if at < 0 {
		return ""
	}
	_, value, _ := strings.Cut(d[at], "=")
	return unquote(strings.TrimSpace(value))
}

// unquote gives a text without its quotation marks, and any other value as it is.
func unquote(toml string) string {
	quoted, err := strconv.QuotedPrefix(toml)
	if err != nil {
		return strings.Trim(toml, "'")
	}

	text, _ := strconv.Unquote(quoted)
	return strings.Trim(text, "'")
}

// edit is what sed does to make a setting so, and "" if it is so: it replaces the line that sets
// the key, or the comment that shows its default, or adds a line to its section. Everything else in
// the file stays.
func (d document) edit(s setting) string {
	if d.value(s.section, s.key) == unquote(s.toml) {
		return ""
	}

	section := `/^\[` + s.section + `\]/`
	line := s.key + " = " + s.toml
	text := strings.NewReplacer("&", `\&`, "|", `\|`).Replace(line)
	set, shown := `^[[:blank:]]*`+s.key+`[[:blank:]]*=`, `^#`+s.key+` =`

	switch {
	case s.toml == "":
		return section + `,/^\[/ s|` + set + `|#&|`
	case d.find(s.section, regexp.MustCompile(set)) >= 0:
		return section + `,/^\[/ s|` + set + `.*|` + text + `|`
	case d.find(s.section, regexp.MustCompile(shown)) >= 0:
		return section + `,/^\[/ s|` + shown + `.*|` + text + `|`
	case d.find(s.section, regexp.MustCompile(`^\[`)) >= 0:
		return section + `a ` + line
	default:
		return `$a [` + s.section + `]\n` + line
	}
}
