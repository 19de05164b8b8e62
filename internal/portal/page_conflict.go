// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// plainLines gives a text with the line ends that a form sends back.
func plainLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// digest is a short text by which a field is known to be as it was.
func digest(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:8])
}

// take puts what was typed into the form. If the page is another by now, a field that the person
// has left as it was gets what is stored now; beside every other stands what is stored.
func (f *editedPage) take(typed url.Values) {
	now, version := f.Typed, typed.Get("version")
	f.Typed = maps.Clone(typed)
	for name := range f.values {
		if !typed.Has(name) { // the form did not ask for it
			f.Typed.Set(name, now.Get(name))
		}
	}
	if version == strconv.FormatInt(f.Version, 10) {
		return
	}

	f.Problem, f.stored = say("edit.conflict"), map[string]message{}
	for name, value := range f.values {
		text := f.text(name)
		switch {
		case text == value:
		case slices.Contains(typed["was"], name+"="+digest(text)):
			f.Typed.Set(name, now.Get(name))
		default:
			f.stored[name] = say("edit.stored", "value", cmp.Or(value, "–"))
		}
	}
}
