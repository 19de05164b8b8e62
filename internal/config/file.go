// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"
)

// document is a file that is being read. Its values are fetched one by one,
// because the decoder stops at the first fault and we want all of them.
type document struct {
	name string
	meta toml.MetaData
	top  map[string]toml.Primitive
}

// readFile takes every key of the file. It says whether there was a readable
// file, or none to read.
func (l *loader) readFile(name string) bool {
	if name == "" {
		return true
	}
	d := document{name: name}
	var err error
	if d.meta, err = toml.DecodeFile(name, &d.top); err != nil {
		l.faults = append(l.faults, l.readFault(name, err))
		return false
	}
	for _, k := range d.meta.Keys() { // in the order of the file
		l.readKey(&d, k)
	}
	return true
}

// readKey takes one key of the file. What is deeper than two names, as in
// [server.tls], shows the two to be no key of ours.
func (l *loader) readKey(d *document, k toml.Key) {
	dotted := strings.Join(k[:min(2, len(k))], ".")
	if l.wrong[k[0]] || l.wrong[dotted] {
		return
	}
	value, where := d.value(d.top[k[0]])
	switch {
	case !l.isSection(k[0]):
		l.unknown(k[0], where)
	case len(k) == 1:
		if _, ok := value.(map[string]any); !ok {
			l.from[dotted] = where
			l.fault(dotted, "is a section; write [%s] on a line of its own, and its keys below", dotted)
		}
	default:
		value, where = d.inside(k[0], k[1])
		if field, ok := l.find(dotted); ok {
			l.set(field, value, where, filepath.Dir(d.name))
			return
		}
		l.unknown(dotted, where)
	}
}

// unknown refuses a key that nobody reads: a misspelt limit must not leave the
// server without one.
func (l *loader) unknown(name, where string) {
	l.from[name] = where
	if near := l.nearest(name); near != "" {
		l.fault(name, "unknown key; is it %s?", near)
		return
	}
	l.fault(name, "unknown key")
}

// inside finds what the file has for a key of a section. A section that is not
// one has no keys.
func (d *document) inside(section, name string) (value any, where string) {
	var keys map[string]toml.Primitive
	if d.meta.PrimitiveDecode(d.top[section], &keys) != nil {
		return nil, d.name
	}
	return d.value(keys[name])
}

// value gives a value of the file, and the line it is in.
func (d *document) value(p toml.Primitive) (value any, where string) {
	var at toml.ParseError
	errors.As(d.meta.PrimitiveDecode(p, &refuser{}), &at)
	if err := d.meta.PrimitiveDecode(p, &value); err != nil || at.Position.Line == 0 {
		return value, d.name
	}
	return value, fmt.Sprintf("%s:%d", d.name, at.Position.Line)
}

// refuser takes no value. The decoder's complaint has the line, which it tells
// in no other way.
type refuser struct{}

func (*refuser) UnmarshalTOML(any) error { return errors.New("refused") }

// readFault says why the file cannot be read. The decoder quotes what it found,
// and that may be a password without its quotation marks: such a text is
// replaced by our own.
func (l *loader) readFault(name string, err error) error {
	var at toml.ParseError
	if !errors.As(err, &at) {
		return fmt.Errorf("configuration: %w", err) // names the file
	}
	text := at.Message
	if k, ok := l.find(at.LastKey); ok && isSecret(k.field) || strings.Contains(text, `"`) {
		text = "the value is not TOML; texts need quotation marks"
	}
	if at.LastKey != "" {
		text = "after the key " + at.LastKey + ": " + text
	}
	return fmt.Errorf("%s:%d: %s", name, at.Position.Line, text)
}
