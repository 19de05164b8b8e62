// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"cmp"
	"strings"
)

// field is an input of a form, for the template "field": its label, what is asked for, what is
// wrong with what was typed, and that.
type field struct {
	Name         string // also its id
	Type         string // of the input; "" is text
	Value        string // what was typed
	Autocomplete string // for browsers and password managers
	Required     bool
	Label        message
	Hint         message
	Problem      message
}

// Kind is the type of the input.
func (f field) Kind() string { return cmp.Or(f.Type, "text") }

// Described names the elements that describe the input.
func (f field) Described() string {
	var ids []string
	if f.Hint.Key != "" {
		ids = append(ids, f.Name+"-hint")
	}
	if f.Problem.Key != "" {
		ids = append(ids, f.Name+"-wrong")
	}
	return strings.Join(ids, " ")
}
