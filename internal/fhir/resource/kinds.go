// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import "thalamus/internal/measurement"

// kind is what FHIR says of a kind of measurement.
type kind struct {
	category []Coding
	codes    []Coding // of a panel, whose parts are its components
	text     string   // of that
	parts    []quantity

	panel  *observable   // nil: there is none
	values []*observable // of the parts
}

// quantity is what FHIR says of one value.
type quantity struct {
	codes      []Coding // none until a code is verified
	text       string
	unit, ucum string // "" where there is none, as on a scale
}

// The categories of observations.
var (
	vitalSigns    = categoryOf("vital-signs")
	laboratory    = categoryOf("laboratory")
	activity      = categoryOf("activity")
	survey        = categoryOf("survey")
	socialHistory = categoryOf("social-history")
)

func categoryOf(code string) []Coding { return []Coding{{System: observationCategory, Code: code}} }

// kinds is the table of codes. Values stay in their units, which both schemas have.
var kinds = prepared(map[*measurement.Kind]*kind{
	measurement.BloodPressure: {category: vitalSigns, codes: loincOf("85354-9", "Blood pressure panel with all children optional"), text: "Blood pressure", parts: []quantity{
		{loincOf("8480-6", "Systolic blood pressure"), "Systolic", "mmHg", "mm[Hg]"},
		{loincOf("8462-4", "Diastolic blood pressure"), "Diastolic", "mmHg", "mm[Hg]"},
	}},
	measurement.HeartRate:   vital(quantity{loincOf("8867-4", "Heart rate"), "Heart rate", "/min", "/min"}),
	measurement.Breathing:   vital(quantity{loincOf("9279-1", "Respiratory rate"), "Breathing", "/min", "/min"}),
	measurement.Temperature: vital(quantity{loincOf("8310-5", "Body temperature"), "Temperature", "°C", "Cel"}),
	measurement.Weight:      vital(quantity{loincOf("29463-7", "Body weight"), "Weight", "kg", "kg"}),
	measurement.Height:      vital(quantity{loincOf("8302-2", "Body height"), "Height", "cm", "cm"}),
	measurement.BMI:         vital(quantity{loincOf("39156-5", "Body mass index (BMI) [Ratio]"), "BMI", "kg/m2", "kg/m2"}),
	measurement.Saturation:  vital(quantity{saturation, "Oxygen saturation", "%", "%"}),
	measurement.Glucose:     {category: laboratory, parts: []quantity{{loincOf("2339-0", "Glucose [Mass/volume] in Blood"), "Glucose", "mg/dL", "mg/dL"}}},
	measurement.Mood:        {category: survey, parts: []quantity{{text: "Mood"}, {text: "Energy"}}},
	measurement.Sleep:       {category: activity, parts: []quantity{{text: "Sleep", unit: "h", ucum: "h"}, {text: "Quality of sleep"}}},
	measurement.Steps:       {category: activity, parts: []quantity{{text: "Steps"}}},
	measurement.Exercise: {category: activity, parts: []quantity{
		{loincOf("55411-3", "Exercise duration"), "Aerobic exercise", "min", "min"},
		{loincOf("55411-3", "Exercise duration"), "Anaerobic exercise", "min", "min"},
	}},
})

// saturation has two codes: the one of the vital sign, and how it is measured outside of laboratories.
var saturation = append(loincOf("2708-6", "Oxygen saturation in Arterial blood"),
	loincOf("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry")...)

func loincOf(code, display string) []Coding { return []Coding{{loinc, code, display}} }

// vital is a vital sign of one value.
func vital(q quantity) *kind { return &kind{category: vitalSigns, parts: []quantity{q}} }

// prepared gives the kinds with what is the same in all of their observations.
func prepared(all map[*measurement.Kind]*kind) map[*measurement.Kind]*kind {
	for _, k := range all {
		category := k.category
		if k.codes != nil {
			k.panel = newObservable(category, quantity{codes: k.codes, text: k.text})
			category = nil // a component has none
		}
		for _, q := range k.parts {
			k.values = append(k.values, newObservable(category, q))
		}
	}
	return all
}

// observable is something that is observed, with the JSON that all observations of it have.
type observable struct {
	quantity
	categories  []Coding
	key         string // of it in a summary
	code, units fragment
}

func newObservable(categories []Coding, q quantity) *observable {
	code := written(func(w *writer) {
		w.concepts("category", categories)
		w.concept("code", q.codes, q.text)
	})
	units := written(func(w *writer) {
		w.code("unit", q.unit)
		if q.ucum != "" {
			w.code("system", ucum)
		}
		w.code("code", q.ucum)
	})
	return &observable{q, categories, keyOf(q.codes, q.text), code, units}
}

// writeComponents appends the values of a panel. One that is not there is said to be unknown.
func (k *kind) writeComponents(w *writer, values []string) {
	w.list("component", func() {
		for i, o := range k.values {
			w.object("", func() {
				w.fragment(o.code)
				o.writeValue(w, values[i], false)
			})
		}
	})
}

// writeValue appends a value, or that it is unknown.
func (o *observable) writeValue(w *writer, value string, words bool) {
	switch {
	case value == "":
		w.absent(absentReasonUnknown, "")
	case words:
		w.text("valueString", value)
	default:
		w.object("valueQuantity", func() {
			w.number("value", value)
			w.fragment(o.units)
		})
	}
}

// absent appends why there is no value.
func (w *writer) absent(reason, text string) {
	w.concept("dataAbsentReason", []Coding{{System: dataAbsentReason, Code: reason}}, text)
}
