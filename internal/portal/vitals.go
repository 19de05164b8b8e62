// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"slices"

	"thalamus/internal/measurement"
)

// vitalKinds are the kinds of measurements that a form asks for.
var vitalKinds = []*measurement.Kind{
	measurement.BloodPressure, measurement.HeartRate, measurement.Weight, measurement.Glucose, measurement.Saturation,
	measurement.Temperature, measurement.Breathing, measurement.Mood, measurement.Sleep, measurement.Steps,
}

// vital is the fields of one measurement in a form.
type vital struct {
	Name   message
	Fields []field
}

// vitalName is the name of a field in the form.
func vitalName(f measurement.Field) string {
	if part := f.Kind.Parts[f.Part].Name; part != "" {
		return f.Kind.Name + "_" + part
	}
	return f.Kind.Name
}

// Vitals are the measurements that the form asks for.
func (f *pageForm) Vitals() (all []vital) {
	for _, kind := range vitalKinds {
		all = append(all, vital{say(kindNames[kind]), f.vitalFields(kind)})
	}
	return all
}

func (f *pageForm) vitalFields(kind *measurement.Kind) (fields []field) {
	for i, part := range kind.Parts {
		at := measurement.Field{Kind: kind, Part: i}
		shown := f.filled(field{Name: vitalName(at), Label: partName(at), Mode: "decimal", Autocomplete: "off"})
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

// readings reads the measurements, and asks about those that are hardly possible.
func (f *pageForm) readings() []measurement.Reading {
	readings, wrong := measurement.Form(func(at measurement.Field) string {
		if !slices.Contains(vitalKinds, at.Kind) {
			return ""
		}
		return f.Typed.Get(vitalName(at))
	})
	for _, at := range wrong {
		f.refuse(vitalName(at), say("form.no_number", "example", "71.2"))
	}

	for _, reading := range readings {
		for i, doubt := range reading.Doubts() {
			if doubt != measurement.NoDoubt {
				name := vitalName(measurement.Field{Kind: reading.Kind, Part: i})
				f.doubt(name, f.Typed.Get(name), say(doubtTexts[doubt]))
			}
		}
	}
	return readings
}
