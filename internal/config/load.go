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
	cfg      Config
	keys     []key
	from     map[string]string // key name -> where its value was written
	wrong    map[string]bool   // names of keys that have a fault already
	faults   []error
	warnings []string
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
	return prefix + strings.ToUpper(k.section+"_"+k.name)
}

func newLoader() *loader {
	l := &loader{cfg: Default(), from: map[string]string{}, wrong: map[string]bool{}}
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

// set gives the key a value that was written at the place where; relative file
// names start at dir.
func (l *loader) set(k key, value any, where, dir string) {
	l.from[k.dotted()] = where
	delete(l.wrong, k.dotted())
	if err := assign(k.field, value); err != nil {
		l.fault(k.dotted(), "%w", err)
		return
	}
	if name := k.field.String(); k.path && name != "" && name != "-" && !filepath.IsAbs(name) {
		k.field.SetString(filepath.Join(dir, name))
	}
}

// fault notes what is wrong with a key, with the place if it is known. Only the
// first fault of a key is kept: the others would be its consequences.
func (l *loader) fault(name, format string, args ...any) {
	if l.wrong[name] {
		return
	}
	l.wrong[name] = true
	if where := l.from[name]; where != "" {
		name = where + ": " + name
	}
	l.faults = append(l.faults, fmt.Errorf("%s: %w", name, fmt.Errorf(format, args...)))
}

func (l *loader) warn(format string, args ...any) {
	l.warnings = append(l.warnings, fmt.Sprintf(format, args...))
}

func (l *loader) err() error { return errors.Join(l.faults...) }
