// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"encoding/json"
	"slices"
)

// Field is one value of a form.
type Field struct {
	Kind *Kind
	Part int
}

// Form reads what somebody typed; typed gives the text of a field, "" where it is empty
// or not in the form. Wrong are the fields that are no number: their texts are kept for
// the form, and nothing is stored. What is merely improbable says Reading.Doubts.
func Form(typed func(Field) string) (readings []Reading, wrong []Field) {
	for _, kind := range Kinds {
		reading := Reading{kind, slices.Index(Kinds, kindsAt[kind.Key][0]), make([]string, len(kind.Parts))}
		found := false
		for i := range kind.Parts {
			value, ok := kind.Parts[i].Typed(typed(Field{kind, i}))
			if !ok {
				wrong = append(wrong, Field{kind, i})
			}
			reading.Values[i] = value
			found = found || value != ""
		}
		if found {
			readings = append(readings, reading)
		}
	}
	return readings, wrong
}

// List writes readings as the measurements of a page, in the shape in which the phone
// app writes them: a list of objects, readings of the same element in the same one.
// It is null without any.
func List(readings []Reading) []byte {
	var elements []map[string]any
	at := map[int]map[string]any{}
	for _, r := range readings {
		if at[r.Element] == nil {
			at[r.Element] = map[string]any{}
			elements = append(elements, at[r.Element])
		}
		r.put(at[r.Element])
	}

	list, _ := json.Marshal(elements) // texts and numbers can always be
	return list
}

// put writes a reading into an element.
func (r Reading) put(element map[string]any) {
	for i, value := range r.Values {
		if value == "" {
			continue
		}

		part := r.Kind.Parts[i]
		var written any = json.Number(value)
		if part.Words || part.Quoted {
			written = value
		}
		if !r.Kind.nested() {
			element[r.Kind.Key] = written
			continue
		}

		object, ok := element[r.Kind.Key].(map[string]any)
		if !ok {
			object = map[string]any{}
			element[r.Kind.Key] = object
		}
		object[part.Key] = written
	}
}
