// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
)

// message is a text of the catalogue with the values of its placeholders. The zero message
// says nothing.
type message struct {
	Key    string
	Values []any // name, value, name, value...
}

// say makes a message.
func say(key string, values ...any) message { return message{key, values} }

// text gives a text of a language as HTML. Values are escaped, and isolated from the direction
// of the text around them.
func (l *language) text(key string, values ...any) (template.HTML, error) {
	filled, err := l.fill(key, values, template.HTMLEscapeString, func(value string) string {
		return "<bdi>" + template.HTMLEscapeString(value) + "</bdi>"
	})
	return template.HTML(filled), err //nolint:gosec // every part was escaped
}

// say is text of a message.
func (l *language) say(m message) (template.HTML, error) {
	if m.Key == "" {
		return "", nil
	}
	return l.text(m.Key, m.Values...)
}

// plain is say without HTML, for titles and attributes.
func (l *language) plain(m message) (string, error) {
	same := func(text string) string { return text }
	return l.fill(m.Key, m.Values, same, same)
}

// fill puts values in the places of their names, {name}. A key or a value that is missing is
// an error.
func (l *language) fill(key string, values []any, text, value func(string) string) (string, error) {
	found, ok := l.texts[key]
	if !ok {
		return "", fmt.Errorf("the language %s has no text %q", l.Tag, key)
	}

	var pairs []string
	for i := 0; i+1 < len(values); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", values[i]), value(fmt.Sprint(values[i+1])))
	}

	for _, place := range placeholder.FindAllString(found, -1) {
		if !slices.Contains(pairs, place) {
			return "", fmt.Errorf("the text %q is given no %s", key, place)
		}
	}

	return strings.NewReplacer(pairs...).Replace(text(found)), nil
}
