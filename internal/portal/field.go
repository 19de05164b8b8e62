// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"cmp"
	"strings"
)

// field is an input of a form, for the templates "field", "select" and "textarea": its label,
// what is asked for, what is wrong with what was typed, and that.
type field struct {
	Name         string // also its id
	Type         string // of the input; "" is text
	Mode         string // of the keyboard of phones; "" is by the type
	Value        string // what was typed
	Autocomplete string // for browsers and password managers
	Most         int    // characters of a textarea; 0: as many as a page of life takes
	Required     bool
	Focused      bool     // it has the focus when the page is shown
	Options      []option // of a select
	Label        message
	Hint         message
	Problem      message
	Stored       message // what somebody else stored meanwhile, beside what was typed
}

// option is one of a select.
type option struct {
	Value    string
	Text     message
	Selected bool
}

// Kind is the type of the input.
func (f field) Kind() string { return cmp.Or(f.Type, "text") }

// Described names the elements that describe the input.
func (f field) Described() string {
	var ids []string
	for _, part := range []struct {
		text message
		id   string
	}{{f.Hint, "-hint"}, {f.Problem, "-wrong"}, {f.Stored, "-stored"}} {
		if part.text.Key != "" {
			ids = append(ids, f.Name+part.id)
		}
	}
	return strings.Join(ids, " ")
}

// choose gives the field with its options, of which the one with its value is selected. A
// value that is none of them is one more: nothing that is stored gets lost.
func (f field) choose(options ...option) field {
	found := false
	for i := range options {
		options[i].Selected = options[i].Value == f.Value
		found = found || options[i].Selected
	}
	if !found {
		options = append(options, option{Value: f.Value, Text: say("form.other_value", "value", f.Value), Selected: true})
	}

	f.Options = options
	return f
}
