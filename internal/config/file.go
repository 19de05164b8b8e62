// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"
)

// tomlFile is a file that is being read. Its values are decoded one by one,
// because the decoder stops at the first fault and all of them are reported.
type tomlFile struct {
	name     string
	meta     toml.MetaData
	sections map[string]toml.Primitive
}

// readFile reads every key of the file. It reports whether the file is readable, or
// there is none to read.
func (l *loader) readFile(name string) bool {
	if name == "" {
		return true
	}

	var sections map[string]toml.Primitive
	meta, err := toml.DecodeFile(name, &sections)
	if err != nil {
		l.faults = append(l.faults, l.readFault(name, err))
		return false
	}

	d := tomlFile{name, meta, sections}
	for _, k := range meta.Keys() { // in the order of the file
		l.readKey(&d, k)
	}

	return true
}

// readKey reads one key of the file. A key of more than two names, as in [server.tls],
// makes the first two an unknown key.
func (l *loader) readKey(d *tomlFile, k toml.Key) {
	dotted := strings.Join(k[:min(2, len(k))], ".")
	if l.faulty[k[0]] || l.faulty[dotted] {
		return
	}

	value, where := d.value(d.sections[k[0]])
	switch {
	case !l.isSection(k[0]):
		l.unknown(k[0], where)
	case len(k) == 1:
		if _, ok := value.(map[string]any); !ok {
			l.positions[dotted] = where
			l.fault(dotted, "is a section; write [%s] on a line of its own, and its keys below", dotted)
		}
	default:
		value, where = d.sectionValue(k[0], k[1])
		if field, ok := l.find(dotted); ok {
			l.set(field, value, where, filepath.Dir(d.name))
			return
		}
		l.unknown(dotted, where)
	}
}

// unknown refuses a key that does not exist: a misspelt limit must not leave the
// server without one.
func (l *loader) unknown(name, where string) {
	l.positions[name] = where
	if near := l.suggest(name); near != "" {
		l.fault(name, "unknown key; is it %s?", near)
		return
	}
	l.fault(name, "unknown key")
}

// sectionValue gives the value of a key of a section. A section that is none has no
// keys.
func (d *tomlFile) sectionValue(section, name string) (value any, where string) {
	var keys map[string]toml.Primitive
	err := d.meta.PrimitiveDecode(d.sections[section], &keys)
	if err != nil {
		return nil, d.name
	}
	return d.value(keys[name])
}

// value gives a value of the file, and the line it is in.
func (d *tomlFile) value(p toml.Primitive) (value any, where string) {
	var at toml.ParseError
	errors.As(d.meta.PrimitiveDecode(p, &positionProbe{}), &at)

	err := d.meta.PrimitiveDecode(p, &value)
	if err != nil || at.Position.Line == 0 {
		return value, d.name
	}

	return value, fmt.Sprintf("%s:%d", d.name, at.Position.Line)
}

// positionProbe accepts no value. The decoder's error has the line, which it tells
// in no other way.
type positionProbe struct{}

func (*positionProbe) UnmarshalTOML(any) error { return errors.New("refused") }

// readFault says why the file cannot be read. The decoder quotes the text, which may
// be a password without its quotation marks: a sentence of our own replaces it.
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
