// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// loader is a Config that is being filled.
type loader struct {
	cfg       Config
	keys      []key
	positions map[string]string // by key: where its value was written
	faulty    map[string]bool   // names of keys that have a fault already
	faults    []error
	warnings  []string
}

// key is one field of the Config under the names it has outside.
type key struct {
	section string
	name    string // within the section
	field   reflect.Value
	path    bool // the value is a file name, or "-"
}

func (k key) dotted() string { return k.section + "." + k.name }

func (k key) variable() string {
	return variablePrefix + strings.ToUpper(k.section+"_"+k.name)
}

func newLoader() *loader {
	l := &loader{cfg: Default(), positions: map[string]string{}, faulty: map[string]bool{}}
	l.keys = keysOf(&l.cfg)
	return l
}

// keysOf lists the fields of c, so that a new one needs no list of its own.
func keysOf(c *Config) []key {
	var keys []key
	for section, fields := range reflect.ValueOf(c).Elem().Fields() {
		for f, value := range fields.Fields() {
			_, path := f.Tag.Lookup("path")
			keys = append(keys, key{section.Tag.Get("toml"), f.Tag.Get("toml"), value, path})
		}
	}

	return keys
}

func (l *loader) find(dotted string) (key, bool) {
	i := slices.IndexFunc(l.keys, func(k key) bool { return k.dotted() == dotted })
	if i < 0 {
		return key{}, false
	}
	return l.keys[i], true
}

func (l *loader) isSection(name string) bool {
	return slices.ContainsFunc(l.keys, func(k key) bool { return k.section == name })
}

// set gives the key a value. where is the position of the value; relative file names
// start at dir.
func (l *loader) set(k key, value any, where, dir string) {
	l.positions[k.dotted()] = where
	delete(l.faulty, k.dotted())

	if err := assign(k.field, value); err != nil {
		l.fault(k.dotted(), "%w", err)
		return
	}

	if k.path {
		k.field.SetString(fileName(dir, k.field.String()))
	}
}

// fileName gives a relative file name its directory.
func fileName(dir, name string) string {
	if name == "" || name == "-" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

// fault adds a fault of a key, with its position if that is known. Only the first
// fault of a key is kept: the others would be its consequences.
func (l *loader) fault(name, format string, args ...any) {
	if l.faulty[name] {
		return
	}

	l.faulty[name] = true

	if where := l.positions[name]; where != "" {
		name = where + ": " + name
	}

	l.faults = append(l.faults, fmt.Errorf("%s: %w", name, fmt.Errorf(format, args...)))
}

func (l *loader) warn(format string, args ...any) {
	l.warnings = append(l.warnings, fmt.Sprintf(format, args...))
}

func (l *loader) err() error { return errors.Join(l.faults...) }
