// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"cmp"
	"strings"

	"thalamus/internal/measurement"
)

// reading is a measurement as people read it.
type reading struct {
	Name  message
	Value string // 120/80 mmHg
}

func newReadings(all []measurement.Reading) (shown []reading) {
	for _, r := range all {
		shown = append(shown, newReading(r))
	}
	return shown
}

// newReading joins the values of a kind by a slash, with the unit behind each that has another one
// than the next. A value that is missing is a dash.
func newReading(r measurement.Reading) reading {
	var text strings.Builder
	last := len(r.Values) - 1
	for i, value := range r.Values {
		text.WriteString(cmp.Or(value, "–"))
		unit := r.Kind.Parts[i].Unit
		if unit != "" && (i == last || unit != r.Kind.Parts[i+1].Unit) {
			text.WriteString(" " + unit)
		}
		if i < last {
			text.WriteString("/")
		}
	}
	return reading{say(kindNames[r.Kind]), text.String()}
}
