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
