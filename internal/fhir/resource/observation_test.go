// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"strings"
	"testing"
	"time"
)

func observations(data string) (texts []string) {
	for _, one := range ReadPage("A", stored("p", data), time.UTC).Observations() {
		texts = append(texts, string(one.JSON(nil)))
	}
	return texts
}

// A page of many measurements and a long text would be many times as large.
func TestALongNoteIsOnTheFirstMeasurementOnly(t *testing.T) {
	for length, want := range map[int]int{maxRepeated: 3, maxRepeated + 1: 1} {
		note := strings.Repeat("x", length)
		found := 0
		for i, text := range observations(`{"info": "` + note + `", "measurements": [{"hr": 1}, {"hr": 2}, {"hr": "fast"}]}`) {
			if strings.Contains(text, note) {
				found++
			} else if i == 0 {
				t.Errorf("the first has no note of %d", length)
			}
		}
		if found != want {
			t.Errorf("a note of %d bytes is on %d measurements", length, found)
		}
	}
}

func TestTooManyMeasurementsAreOneText(t *testing.T) {
	of := func(length int) string { return `[{"hr": 60}` + strings.Repeat(" ", length-12) + `]` }
	for length, want := range map[int]string{maxMeasurements: `"value":60`, maxMeasurements + 1: `"code":"error"`} {
		if texts := observations(`{"measurements": ` + of(length) + `}`); len(texts) != 1 || !strings.Contains(texts[0], want) {
			t.Errorf("%d bytes are %d: %.200s", length, len(texts), texts[0])
		}
	}
}

// A time that no clock shows, or no reader takes, is written in another zone, or as text.
func TestATimeIsOneOfFHIR(t *testing.T) {
	for date, want := range map[string]string{
		"2024-06-03T10:00:00+14:00": `"effectiveDateTime":"2024-06-03T10:00:00+14:00"`, "2024-06-03T10:00:00+14:01": `"effectiveDateTime":"2024-06-02T19:59:00Z"`,
		"2024-06-03 10:00": `"effectiveDateTime":"2024-06-03T10:00:00Z"`, "2024-06-03T10:00:00.123456789Z": `"effectiveDateTime":"2024-06-03T10:00:00.123456Z"`,
		"2024-06-03": `"effectiveDateTime":"2024-06-03"`, "2024-02-30": `{"text":"page_date: 2024-02-30"}`, "0001-01-01T00:00:00+15:00": `{"text":"page_date: 0001-01-01T00:00:00+15:00"}`,
		"9999-12-31T23:59:59-15:00": `{"text":"page_date: 9999-12-31T23:59:59-15:00"}`,
	} {
		if texts := observations(`{"page_date": "` + date + `"}`); !strings.Contains(texts[0], want) {
			t.Errorf("%s: %s", date, texts[0])
		}
	}
}

// A zone had seconds before there was one.
func TestATimeOfALocalMeanTimeIsInUTC(t *testing.T) {
	page := ReadPage("A", stored("p", `{"page_date": "1880-01-01 12:00:00"}`), madrid)
	if text := string(page.Observations()[0].JSON(nil)); !strings.Contains(text, `"effectiveDateTime":"1880-01-01T12:14:44Z"`) {
		t.Error(text)
	}
}

// The code of a kind says the unit, too.
func TestAValueInAnotherUnitHasNoCode(t *testing.T) {
	for _, text := range observations(`{"measurements": [{"bp": {"systolic": {"value": 16.0, "unit": "kPa"}, "diastolic": null}}]}`) {
		for want, is := range map[string]bool{`"code":{"text":"Systolic"}`: true, `"valueQuantity":{"value":16.0,"unit":"kPa"}`: true, "category": false} {
			if strings.Contains(text, want) != is {
				t.Errorf("%s: %t in %s", want, !is, text)
			}
		}
	}
	texts := observations(`{"measurements": [{"bp": {"systolic": {"value": 16.0, "unit": "kPa"}, "diastolic": 80}}]}`)
	if len(texts) != 2 || !strings.Contains(texts[1], `"valueQuantity":{"value":80,"unit":"mmHg"}`) {
		t.Errorf("two values are %s", texts)
	}
}
