// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"strings"

	"thalamus/internal/measurement"
)

// reading is a measurement as people read it.
type reading struct {
	Name  message
	Value string // 120/80
	Unit  string // "" for a scale or for words
}

func newReadings(all []measurement.Reading) (shown []reading) {
	for _, r := range all {
		shown = append(shown, newReading(r))
	}
	return shown
}

// newReading joins the values of a kind by a slash; one that is missing is a dash.
func newReading(r measurement.Reading) reading {
	values := make([]string, len(r.Values))
	for i, value := range r.Values {
		values[i] = value
		if value == "" {
			values[i] = "–"
		}
	}
	return reading{say(kindNames[r.Kind]), strings.Join(values, "/"), r.Kind.Parts[0].Unit}
}
