// SPDX-License-Identifier: GPL-3.0-or-later

package openapi

import (
	"encoding/json"
	"reflect"
)

// object is a JSON object whose members stay in their order.
type object []member

type member struct {
	name  string
	value any
}

// with gives the object with a member behind the others, unless its value is zero or empty.
func (o object) with(name string, value any) object {
	v := reflect.ValueOf(value)
	if !v.IsValid() || v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0 {
		return o
	}
	return append(o, member{name, value})
}

// MarshalJSON is json.Marshaler's.
func (o object) MarshalJSON() ([]byte, error) { return appendValue(nil, o), nil }

// appendValue appends JSON. json.Marshal would read what each level gives once more.
func appendValue(b []byte, value any) []byte {
	switch v := value.(type) {
	case object:
		return appendObject(b, v)
	case Schema:
		return appendObject(b, v.reference())
	case []object:
		return appendArray(b, v)
	case []Schema:
		return appendArray(b, v)
	case json.RawMessage:
		return append(b, v...)
	}

	text, _ := json.Marshal(value) // texts, numbers and lists of them
	return append(b, text...)
}

func appendObject(b []byte, o object) []byte {
	b = append(b, '{')
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendValue(append(appendValue(b, m.name), ':'), m.value)
	}
	return append(b, '}')
}

func appendArray[T any](b []byte, all []T) []byte {
	b = append(b, '[')
	for i, one := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendValue(b, one)
	}
	return append(b, ']')
}
