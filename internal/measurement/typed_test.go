// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestNumbersAreReadAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]string{
		"71.2": "71.2", "71,2": "71.2", " 71,20 ": "71.20", "071": "71", "0": "0", "00": "0", "0,5": "0.5", "-2": "-2", "−2": "-2",
		"٧١٫٢": "71.2", "۷۱,۲": "71.2", "4,000": "4.000", "": "", "  ": "",
		"71.": "no", ".5": "no", "+71": "no", "1.234,5": "no", "71 kg": "no", "7 1": "no", "1e2": "no", "abc": "no", "--2": "no", "0x10": "no",
		"120/80": "no", "1234567890123": "no", "1.1234567": "no", "½": "no", "NaN": "no", "七": "no", "<script>": "no",
	} {
		t.Run(typed, func(t *testing.T) {
			got, ok := Weight.Parts[0].Typed(typed)
			if !ok {
				got = "no"
			}
			if got != want {
				t.Errorf("%q: got %q, want %q", typed, got, want)
			}
		})
	}
	if got, ok := Sleep.Parts[1].Typed(" good, 8 "); got != "good, 8" || !ok {
		t.Errorf("words: got %q, %v", got, ok)
	}
}

func TestAValueIsDoubtedOutsideOfItsBounds(t *testing.T) {
	for _, c := range []struct {
		kind *Kind
		said string // the values
		want string // the doubts
	}{
		{BloodPressure, "120/80", "/"}, {BloodPressure, "60/30", "/"}, {BloodPressure, "260/160", "/"},
		{BloodPressure, "59/29", "low/low"}, {BloodPressure, "261/161", "high/high"}, {BloodPressure, "120.5/80", "precise/"},
		{BloodPressure, "120/", "/missing"}, {BloodPressure, "/80", "missing/"}, {BloodPressure, "80/120", "/swapped"}, {BloodPressure, "80/80", "/swapped"},
		{HeartRate, "25", ""}, {HeartRate, "24", "low"}, {HeartRate, "250", ""}, {HeartRate, "251", "high"},
		{Weight, "71.2", ""}, {Weight, "0.2", "low"}, {Weight, "712", "high"}, {Weight, "71.255", "precise"},
		{Height, "1.75", "low"}, {Height, "175.5", ""}, {Height, "1755", "high"},
		{BMI, "7", "low"}, {BMI, "81", "high"}, {BMI, "24.09", ""},
		{Glucose, "5.4", "low"}, {Glucose, "98", ""}, {Glucose, "601", "high"}, {Glucose, "98.5", "precise"},
		{Saturation, "101", "high"}, {Saturation, "97", ""}, {Saturation, "49", "low"}, {Saturation, "100", ""},
		{Temperature, "98.6", "high"}, {Temperature, "36.6", ""}, {Temperature, "29", "low"}, {Breathing, "3", "low"}, {Breathing, "81", "high"}, {Breathing, "16", ""},
		{Mood, "-3/0", "/"}, {Mood, "-4/-1", "low/low"}, {Mood, "4/4", "high/high"}, {Mood, "1/2", "/"}, {Mood, "1/", "/"},
		{Sleep, "24/good", "/"}, {Sleep, "25/good", "high/"}, {Sleep, "-1/", "low/"}, {Sleep, "7.25/9", "/"}, {Sleep, "/good", "/"},
		{Steps, "4000", ""}, {Steps, "4.000", "precise"}, {Steps, "100001", "high"}, {Steps, "-1", "low"},
		{Exercise, "30/0", "/"}, {Exercise, "1441/-1", "high/low"},
	} {
		var doubts []string
		for _, doubt := range (Reading{c.kind, 0, strings.Split(c.said, "/"), nil}).Doubts() {
			doubts = append(doubts, string(doubt))
		}
		if got := strings.Join(doubts, "/"); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.kind.Name, c.said, got, c.want)
		}
	}
}

// newReadings makes readings that a page does not have yet, of a kind each.
var newReadings = rapid.Custom(func(t *rapid.T) (all []Reading) {
	for _, kind := range Kinds {
		if rapid.IntRange(0, 3).Draw(t, kind.Name) > 0 {
			continue
		}
		r := Reading{kind, New, make([]string, len(kind.Parts)), nil}
		for i := range kind.Parts {
			if kind.Parts[i].Words {
				r.Values[i] = rapid.String().Draw(t, "words")
				continue
			}
			r.Values[i] = rapid.StringMatching(`-?(0|[1-9][0-9]{0,4})(\.[0-9]{1,4})?`).Draw(t, "value")
		}
		all = append(all, r)
	}
	return all
})

func TestReadingsThatAreWrittenAreReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		readings := newReadings.Draw(t, "readings")
		list, _ := Change(nil, readings)
		page := Read("", list)
		if page.Others != nil || page.Unreadable != nil {
			t.Fatalf("not read: %v", told(page))
		}

		elements := map[string]int{}
		for i, r := range readings {
			n, found := elements[r.Kind.Key]
			if !found {
				n = len(elements)
				elements[r.Kind.Key] = n
			}
			readings[i].Element = n
		}
		if diff := cmp.Diff(told(Page{Readings: readings}), told(page)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestKindsHaveNamesOfTheirOwn(t *testing.T) {
	for _, kind := range Kinds {
		if KindNamed(kind.Name) != kind {
			t.Errorf("%s is another's name", kind.Name)
		}
	}
	if KindNamed("mood ring") != nil {
		t.Error("there is a kind that nobody made")
	}
}
