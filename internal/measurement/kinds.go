// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import "slices"

// Kind is a kind of measurement.
type Kind struct {
	Name  string // of it among all that the portal and files say: blood_pressure
	Key   string // in an element of the list of measurements
	Parts []Part
	Pair  bool // both parts belong together, and the first is the larger
}

// Part is one value of a kind.
type Part struct {
	Name string // within the kind; "" where there is no other part
	Key  string // in the object that stands at the kind's key; "" where the value itself does
	Unit string // by UCUM's printed symbols; "" for a scale or for words

	// A value is doubted outside of these bounds, or with more decimals, and then
	// asked about before it is stored. They are what a slip of the finger or
	// another unit exceeds; they say nothing about health.
	Low, High float64
	Decimals  int

	Words  bool // any text, such as a quality
	Quoted bool // a number that the phone app writes as a text
}

// Field is a part of a kind, by its index.
type Field struct {
	Kind *Kind
	Part int
}

// Kinds are the kinds of measurements that are read, in the order in which they are shown.
var Kinds = []*Kind{BloodPressure, HeartRate, Weight, BMI, Height, Glucose, Saturation, Temperature, Breathing, Mood, Sleep, Steps, Exercise}

// The kinds of measurements. The phone app and the hospitals' system have the same
// keys; the phone app alone has mood, sleep, steps and exercise, the hospitals alone
// height, temperature and breathing.
var (
	BloodPressure = &Kind{Name: "blood_pressure", Key: "bp", Pair: true, Parts: []Part{
		{Name: "systolic", Key: "systolic", Unit: "mmHg", Low: 60, High: 260},
		{Name: "diastolic", Key: "diastolic", Unit: "mmHg", Low: 30, High: 160},
	}}
	HeartRate   = &Kind{Name: "heart_rate", Key: "hr", Parts: []Part{{Unit: "/min", Low: 25, High: 250}}}
	Weight      = &Kind{Name: "weight", Key: "wt", Parts: []Part{{Unit: "kg", Low: 0.3, High: 350, Decimals: 2}}}
	BMI         = &Kind{Name: "bmi", Key: "bmi", Parts: []Part{{Unit: "kg/m²", Low: 8, High: 80, Decimals: 2}}} // as it was sent
	Height      = &Kind{Name: "height", Key: "ht", Parts: []Part{{Unit: "cm", Low: 20, High: 250, Decimals: 1}}}
	Glucose     = &Kind{Name: "glucose", Key: "bg", Parts: []Part{{Unit: "mg/dL", Low: 20, High: 600}}}
	Saturation  = &Kind{Name: "saturation", Key: "osat", Parts: []Part{{Unit: "%", Low: 50, High: 100, Decimals: 1}}}
	Temperature = &Kind{Name: "temperature", Key: "t", Parts: []Part{{Unit: "°C", Low: 30, High: 43, Decimals: 2}}}
	Breathing   = &Kind{Name: "breathing", Key: "rr", Parts: []Part{{Unit: "/min", Low: 4, High: 80}}}
	Mood        = &Kind{Name: "mood", Key: "mood_energy", Parts: []Part{
		{Name: "mood", Key: "mood", Low: -3, High: 3},
		{Name: "energy", Key: "energy", Low: 0, High: 3},
	}}
	Sleep = &Kind{Name: "sleep", Key: "sleep", Parts: []Part{
		{Name: "hours", Key: "sleeptime", Unit: "h", Low: 0, High: 24, Decimals: 2, Quoted: true},
		{Name: "quality", Key: "sleepquality", Words: true},
	}}
	Steps    = &Kind{Name: "steps", Key: "pa", Parts: []Part{{Key: "steps", Low: 0, High: 100_000}}}
	Exercise = &Kind{Name: "exercise", Key: "pa", Parts: []Part{
		{Name: "aerobic", Key: "aerobic", Unit: "min", Low: 0, High: 1440},
		{Name: "anaerobic", Key: "anaerobic", Unit: "min", Low: 0, High: 1440},
	}}
)

// KindNamed gives the kind of a name, or nil.
func KindNamed(name string) *Kind {
	for _, kind := range Kinds {
		if kind.Name == name {
			return kind
		}
	}
	return nil
}

// nested reports whether an object stands at the kind's key.
func (k *Kind) nested() bool { return k.Parts[0].Key != "" }

// part gives the index of the part with a key, or -1.
func (k *Kind) part(key []byte) int {
	return slices.IndexFunc(k.Parts, func(p Part) bool { return p.Key == string(key) })
}

// Path gives where the value of a part stands in an element.
func (k *Kind) Path(part int) string {
	if !k.nested() {
		return k.Key
	}
	return k.Key + "." + k.Parts[part].Key
}
