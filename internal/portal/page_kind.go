// SPDX-License-Identifier: GPL-3.0-or-later

package portal

// pageKind is what a new page is about: its domain and context as the phone app writes them.
type pageKind struct {
	name            string // in the form
	domain, context string // "" is null
}

// pageKinds are those that the form of a new page offers.
var pageKinds = []pageKind{
	{"self_monitoring", "medical", "self_monitoring"},
	{"encounter", "medical", "encounter"},
	{"health_condition", "medical", "health_condition"},
	{"immunization", "medical", "immunization"},
	{"lifestyle", "lifestyle", ""},
	{"social", "social", ""},
	{"biographical", "biographical", ""},
	{"other", "other", ""},
}

// kindNamed gives the kind of a name in the form.
func kindNamed(name string) (kind pageKind, ok bool) {
	for _, kind := range pageKinds {
		if kind.name == name {
			return kind, true
		}
	}
	return kind, false
}
