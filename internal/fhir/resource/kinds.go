// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import "thalamus/internal/measurement"

// kind is what FHIR says of a kind of measurement.
type kind struct {
	category []Coding
	codes    []Coding // of a panel, whose parts are its components
	text     string   // of that
	parts    []quantity
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
var kinds = map[*measurement.Kind]kind{
	measurement.BloodPressure: {vitalSigns, loincOf("85354-9", "Blood pressure panel with all children optional"), "Blood pressure", []quantity{
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
}

// saturation has two codes: the one of the vital sign, and how it is measured outside of laboratories.
var saturation = append(loincOf("2708-6", "Oxygen saturation in Arterial blood"),
	loincOf("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry")...)

func loincOf(code, display string) []Coding { return []Coding{{loinc, code, display}} }

// vital is a vital sign of one value.
func vital(q quantity) kind { return kind{category: vitalSigns, parts: []quantity{q}} }

// writeComponents appends the values of a panel. One that is not there is said to be unknown.
func (k kind) writeComponents(w *writer, values []string) {
	w.list("component", func() {
		for i, q := range k.parts {
			w.object("", func() {
				w.concept("code", q.codes, q.text)
				q.write(w, values[i], false)
			})
		}
	})
}

// write appends a value, or that it is unknown.
func (q quantity) write(w *writer, value string, words bool) {
	switch {
	case value == "":
		w.absent(absentReasonUnknown, "")
	case words:
		w.text("valueString", value)
	default:
		w.object("valueQuantity", func() {
			w.number("value", value)
			w.code("unit", q.unit)
			if q.ucum != "" {
				w.code("system", ucum)
			}
			w.code("code", q.ucum)
		})
	}
}

// absent appends why there is no value.
func (w *writer) absent(reason, text string) {
	w.concept("dataAbsentReason", []Coding{{System: dataAbsentReason, Code: reason}}, text)
}
