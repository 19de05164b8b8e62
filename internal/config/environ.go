// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

const variablePrefix = "THALAMUS_"

// readEnviron reads the variables that begin with THALAMUS_. A variable that is set and
// empty counts: it empties the key. An unknown one is no fault, because a
// Kubernetes cluster sets THALAMUS_PORT and others by itself for a service that
// is called thalamus.
func (l *loader) readEnviron(environ []string) {
	ours := map[string]string{}
	for _, entry := range environ {
		name, value, ok := strings.Cut(entry, "=")
		if ok && strings.HasPrefix(name, variablePrefix) {
			ours[name] = value
		}
	}

	for _, k := range l.keys {
		if text, ok := ours[k.variable()]; ok {
			l.set(k, variableValue(k.field, text), k.variable(), "")
			delete(ours, k.variable())
		}
	}

	for _, name := range slices.Sorted(maps.Keys(ours)) {
		l.warn("the environment variable %s belongs to no configuration key", name)
	}
}

// variableValue gives the text as the file would have it: lists are split at
// commas.
func variableValue(field reflect.Value, text string) any {
	if field.Kind() != reflect.Slice {
		return text
	}

	list := []any{}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part != "" {
			list = append(list, part)
		}
	}

	return list
}
