// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"fmt"
	"slices"

	"thalamus/internal/measurement"
)

// vitalKinds are the kinds of measurements that a form asks for.
var vitalKinds = []*measurement.Kind{
	measurement.BloodPressure, measurement.HeartRate, measurement.Weight, measurement.Glucose, measurement.Saturation,
	measurement.Temperature, measurement.Breathing, measurement.Mood, measurement.Sleep, measurement.Steps,
}

// slot is the place of a measurement in a form: one that the page has, or a new one.
type slot struct {
	measurement.Reading // as it is stored; of a new one all values are ""

	nth int // of those of its kind, from 0 on
}

// slotsOf gives the places of a page's measurements, and one for each kind that it has none of.
func slotsOf(readings []measurement.Reading) (slots []slot) {
	for _, kind := range measurement.Kinds {
		nth := 0
		for _, reading := range readings {
			if reading.Kind == kind {
				slots = append(slots, slot{reading, nth})
				nth++
			}
		}
		if nth == 0 && slices.Contains(vitalKinds, kind) {
			slots = append(slots, slot{Reading: measurement.Reading{Kind: kind, Element: measurement.New, Values: make([]string, len(kind.Parts))}})
		}
	}
	return slots
}

// name is the name of a part's field in the form.
func (s slot) name(part int) string {
	name := s.Kind.Name
	if part := s.Kind.Parts[part].Name; part != "" {
		name += "_" + part
	}
	if s.nth > 0 {
		return fmt.Sprintf("%s_%d", name, s.nth+1)
	}
	return name
}

// vital is the fields of one measurement in a form.
type vital struct {
	Name   message
	Fields []field
}

// Vitals are the measurements that the form asks for.
func (f *pageForm) Vitals() (all []vital) {
	for _, s := range f.slots {
		all = append(all, vital{say(kindNames[s.Kind]), f.vitalFields(s)})
	}
	return all
}

func (f *pageForm) vitalFields(s slot) (fields []field) {
	for i, part := range s.Kind.Parts {
		at := measurement.Field{Kind: s.Kind, Part: i}
		shown := f.filled(field{Name: s.name(i), Label: partName(at), Mode: "decimal", Autocomplete: "off"})
		if part.Unit != "" {
			shown.Hint = say("form.other_value", "value", part.Unit)
		}
		if choices := partChoices[at]; choices != nil {
			shown = shown.choose(append([]option{{Text: say("form.not_said")}}, choices...)...)
		}
		fields = append(fields, shown)
	}
	return fields
}

// readings reads the measurements that are not as they were, and asks about those that are hardly
// possible.
func (f *pageForm) readings() (changed []measurement.Reading) {
	for _, s := range f.slots {
		typed := f.typedIn(s)
		if slices.Equal(typed.Values, s.Values) {
			continue
		}

		changed = append(changed, typed)
		for i, doubt := range typed.Doubts() {
			if doubt != measurement.NoDoubt {
				f.doubt(s.name(i), f.Typed.Get(s.name(i)), say(doubtTexts[doubt]))
			}
		}
	}
	return changed
}

// typedIn gives the reading that was typed in a place. A text that is no number is refused.
func (f *pageForm) typedIn(s slot) measurement.Reading {
	typed := measurement.Reading{Kind: s.Kind, Element: s.Element, Values: make([]string, len(s.Values))}
	for i := range typed.Values {
		value, ok := s.Kind.Parts[i].Typed(f.Typed.Get(s.name(i)))
		if !ok {
			f.refuse(s.name(i), say("form.no_number", "example", "71.2"))
		}
		typed.Values[i] = value
	}
	return typed
}
