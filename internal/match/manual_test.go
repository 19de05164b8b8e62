// SPDX-License-Identifier: GPL-3.0-or-later

package match

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rows are those of a table of the manual's page on search, by the title above it.
func rows(t *testing.T, title string) (all [][]string) {
	t.Helper()
	page, err := os.ReadFile("../manual/search.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "\n"+title+"\n")
	section, _, _ := strings.Cut(rest, "\n## ")
	_, table, _ := strings.Cut(section, "|--")
	for _, line := range strings.Split(table, "\n")[1:] {
		if !strings.HasPrefix(line, "| ") {
			break
		}
		all = append(all, strings.Split(strings.Trim(line, "| "), " | "))
	}
	return all
}

// The page is where an administrator looks why a pair is offered.
func TestTheManualHasTheWeights(t *testing.T) {
	t.Parallel()
	want := []struct {
		part string
		same []float64
	}{
		{"1", []float64{wordAgrees}},
		{"", []float64{wordHasError, wordHasErrors}},
		{"0.5", []float64{initialAgrees}},
		{"", []float64{wordIsJoined}},
		{"0", []float64{wordLeftOut}},
		{"0", []float64{wordDiffers}},
		{"1", []float64{mEqual}},
		{"0.8", []float64{mSwapped}},
		{"0.6", []float64{mDigit}},
		{"0.5", []float64{mPartial}},
		{"0.3", []float64{mDay}},
		{"0.3", []float64{mYear}},
		{"0", []float64{mDiffer}},
		{"1", []float64{mGender}},
		{"0", []float64{1 - mGender}},
		{"1", []float64{mHousehold}},
		{"0", []float64{1 - mHousehold}},
	}
	got := rows(t, "## Who is there twice")
	if len(got) != len(want) {
		t.Fatalf("there are %d rows for %d", len(got), len(want))
	}
	for i, row := range want {
		var same []string
		for _, m := range row.same {
			same = append(same, strconv.FormatFloat(m, 'g', 2, 64))
		}
		if got[i][2] != strings.Join(same, ", ") || !strings.HasSuffix(got[i][1], row.part) {
			t.Errorf("%v, not %s with %v", got[i], row.part, same)
		}
	}
}

func TestTheManualsExamplesHaveTheirScores(t *testing.T) {
	t.Parallel()
	among := &Frequencies{Persons: 1_000_000, Rare: 50.0 / 1_000_000, Words: map[string]float64{"maría": 0.08, "garcía": 0.03}}
	examples := rows(t, "### By example")
	if len(examples) < 5 {
		t.Fatalf("there are %d", len(examples))
	}
	for _, row := range examples {
		one, other := told(t, among, row[0]), told(t, among, row[1])
		if got := strconv.FormatFloat(among.Score(&one, &other), 'f', 4, 64); got != row[2] {
			t.Errorf("%v: %s", row, got)
		}
	}
}

// told is a person as an example writes one: names, date of birth, gender, household.
func told(t *testing.T, among *Frequencies, text string) Person {
	t.Helper()
	parts := strings.Split(text, ", ")
	names, birth := strings.Fields(strings.ToLower(parts[0])), 0
	if date := regexp.MustCompile(`^\d{4}-\d\d-\d\d$`); date.MatchString(parts[1]) {
		birth, _ = strconv.Atoi(strings.ReplaceAll(parts[1], "-", ""))
		parts = slices.Delete(parts, 1, 2)
	}
	parts = append(parts, "")
	return among.Prepare(names, birth, parts[1], parts[2])
}
