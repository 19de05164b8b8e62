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
	Value string  // 120/80 mmHg
	Word  message // a value that is a word; zero: the kind has none
}

func newReadings(all []measurement.Reading) (shown []reading) {
	for _, r := range all {
		shown = append(shown, newReading(r))
	}
	return shown
}

// newReading joins the numbers of a kind by a slash, with the unit behind each that has another one
// than the next. A number that is missing is a dash.
func newReading(r measurement.Reading) reading {
	var text strings.Builder
	shown := reading{Name: say(kindNames[r.Kind])}
	for i, value := range r.Values {
		part := r.Kind.Parts[i]
		if part.Words {
			shown.Word = wordText(measurement.Field{Kind: r.Kind, Part: i}, value)
			continue
		}

		if i > 0 {
			text.WriteString("/")
		}
		text.WriteString(cmp.Or(value, "–"))
		if unit := r.Unit(i); unit != "" && (i == len(r.Values)-1 || unit != r.Unit(i+1)) {
			text.WriteString(" " + unit)
		}
	}

	shown.Value = text.String()
	return shown
}

// wordText is valueText of a value that is there.
func wordText(at measurement.Field, value string) message {
	if value == "" {
		return message{}
	}
	return valueText(at, value)
}
