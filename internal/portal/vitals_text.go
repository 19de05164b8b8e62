// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"thalamus/internal/measurement"
)

// kindNames are the names of the kinds of measurements.
var kindNames = map[*measurement.Kind]string{
	measurement.BloodPressure: "vital.blood_pressure",
	measurement.HeartRate:     "vital.heart_rate",
	measurement.Weight:        "vital.weight",
	measurement.BMI:           "vital.bmi",
	measurement.Height:        "vital.height",
	measurement.Glucose:       "vital.glucose",
	measurement.Saturation:    "vital.saturation",
	measurement.Temperature:   "vital.temperature",
	measurement.Breathing:     "vital.breathing",
	measurement.Mood:          "vital.mood",
	measurement.Sleep:         "vital.sleep",
	measurement.Steps:         "vital.steps",
	measurement.Exercise:      "vital.exercise",
}

// partNames are the names of the parts of those kinds that have several.
var partNames = map[*measurement.Kind][]string{
	measurement.BloodPressure: {"vital.systolic", "vital.diastolic"},
	measurement.Mood:          {"vital.mood_mood", "vital.mood_energy"},
	measurement.Sleep:         {"vital.sleep_hours", "vital.sleep_quality"},
	measurement.Exercise:      {"vital.exercise_aerobic", "vital.exercise_anaerobic"},
}

// partName is the name of a part, or of the kind where there is no other part.
func partName(f measurement.Field) message {
	if names := partNames[f.Kind]; names != nil {
		return say(names[f.Part])
	}
	return say(kindNames[f.Kind])
}

// partChoices are the values that are chosen and not typed, with their texts: scales whose ends
// nobody knows by heart, and words that the phone app writes.
var partChoices = map[measurement.Field][]option{
	{Kind: measurement.Mood, Part: 0}: {
		{Value: "-3", Text: say("vital.mood_worst", "value", "-3")}, {Value: "-2", Text: say("form.other_value", "value", "-2")},
		{Value: "-1", Text: say("form.other_value", "value", "-1")}, {Value: "0", Text: say("vital.mood_middle", "value", "0")},
		{Value: "1", Text: say("form.other_value", "value", "1")}, {Value: "2", Text: say("form.other_value", "value", "2")},
		{Value: "3", Text: say("vital.mood_best", "value", "3")},
	},
	{Kind: measurement.Mood, Part: 1}: {
		{Value: "0", Text: say("vital.energy_least", "value", "0")}, {Value: "1", Text: say("form.other_value", "value", "1")},
		{Value: "2", Text: say("form.other_value", "value", "2")}, {Value: "3", Text: say("vital.energy_most", "value", "3")},
	},
	{Kind: measurement.Sleep, Part: 1}: {
		{Value: "good", Text: say("vital.sleep_good")}, {Value: "average", Text: say("vital.sleep_average")}, {Value: "poor", Text: say("vital.sleep_poor")},
	},
}

// doubtTexts are the questions about doubtful values.
var doubtTexts = map[measurement.Doubt]string{
	measurement.Low:     "doubt.low",
	measurement.High:    "doubt.high",
	measurement.Precise: "doubt.precise",
	measurement.Missing: "doubt.missing",
	measurement.Swapped: "doubt.swapped",
}
