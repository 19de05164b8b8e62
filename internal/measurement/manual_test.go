// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// manual is what the manual says of measurements.
func manual(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../manual/resources.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(page), "\n### Measurements\n")
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}

func TestTheManualHasEveryKindWithItsUnit(t *testing.T) {
	var want, got []string
	for _, kind := range Kinds {
		want = append(want, kind.Name)
	}
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `(.*)` \\| (.*?) ?\\| .* \\|$").FindAllStringSubmatch(manual(t), -1) {
		name, element, unit := row[1], row[2], row[3]
		got = append(got, name)
		page := Read("", []byte("["+element+"]"))
		if len(page.Readings) != 1 || page.Others != nil || page.Unreadable != nil {
			t.Errorf("%s: %s has %d readings, and %v, %v", name, element, len(page.Readings), page.Others, page.Unreadable)
			continue
		}

		reading, units := page.Readings[0], ""
		for _, part := range reading.Kind.Parts {
			units = strings.TrimPrefix(units, part.Unit) + part.Unit
		}
		isDoubt := func(d Doubt) bool { return d != NoDoubt }
		if reading.Kind.Name != name || slices.Contains(reading.Values, "") || units != unit || slices.ContainsFunc(reading.Doubts(), isDoubt) {
			t.Errorf("%s: %s is %s, %q in %q", name, element, reading.Kind.Name, reading.Values, units)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-kinds +manual)\n%s", diff)
	}
}

// The manual has the list that phones send, and the text that hospitals do.
func TestBothFormsInTheManualAreRead(t *testing.T) {
	blocks := regexp.MustCompile("(?ms)^```json\n(.*?)^```$").FindAllStringSubmatch(manual(t), -1)
	var forms []string
	for _, block := range blocks {
		var kinds []string
		for _, reading := range Read("", []byte(block[1])).Readings {
			kinds = append(kinds, reading.Kind.Name)
		}
		forms = append(forms, strings.Join(kinds, " "))
	}
	if diff := cmp.Diff([]string{"blood_pressure heart_rate weight bmi", "blood_pressure temperature"}, forms); diff != "" {
		t.Errorf("(-want +manual)\n%s", diff)
	}
}
