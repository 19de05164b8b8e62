// SPDX-License-Identifier: GPL-3.0-or-later

package demo

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	ana   = "ESPGNU777ORG"
	phone = "mygnuhealth"
)

// phoneKeys are the keys of a page as MyGNUHealth pushes it, sorted.
var phoneKeys = []string{
	"age", "author", "author_acct", "book", "context", "creation_info", "domain", "fsynced", "genetic_info",
	"id", "info", "measurements", "node", "page", "page_date", "privacy", "relevance", "summary",
}

// hmisKeys are the keys that an HMIS node may send.
var hmisKeys = []string{
	"age", "author", "author_acct", "book", "creation_info", "gene", "health_condition_code", "health_condition_text",
	"id", "info", "measurements", "medical_context", "modification_info", "natural_variant", "node", "page_date",
	"page_type", "phenotype", "procedure_code", "procedure_text", "relevance", "social_context", "summary",
}

func TestPagesBelongToPeople(t *testing.T) {
	t.Parallel()
	f := loaded(t)
	all := people(t, f)
	end := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for _, row := range slices.Concat(f.Pages, f.Earlier, f.Deleted) {
		p := object(t, row.Data)
		if p["book"] != row.Book || all[row.Book] == nil {
			t.Fatalf("%s is in book %v in the record and in %q beside it", row.ID, p["book"], row.Book)
		}
		author, _ := p["author_acct"].(string)
		if w := all[author]; w == nil || p["author"] != fmt.Sprint(w["name"], " ", w["lastname"]) {
			t.Errorf("%s was written by %v, %q", row.ID, p["author"], author)
		}
		s, _ := p["page_date"].(string)
		when, birth := parse(t, s), born(t, all[row.Book])
		if when.Before(birth) || !when.Before(end) {
			t.Errorf("%s is of %s, in a book that begins on %s", row.ID, s, birth)
		}
		if got := p["age"]; got != age(birth, when) {
			t.Errorf("%s: age %v, want %s", row.ID, got, age(birth, when))
		}
		created(t, row.ID, p, all)
	}
}

// age is the time from birth to when in whole years, months and days.
func age(birth, when time.Time) string {
	y, m, d := when.Year()-birth.Year(), int(when.Month()-birth.Month()), when.Day()-birth.Day()
	if d < 0 {
		lastMonth := when.AddDate(0, 0, -when.Day()).Day()
		m, d = m-1, when.Day()+max(lastMonth-birth.Day(), 0)
	}
	if m < 0 {
		y, m = y-1, m+12
	}
	return fmt.Sprintf("%dy %dm %dd", y, m, d)
}

func TestPagesFromPhones(t *testing.T) {
	t.Parallel()
	localTime := regexp.MustCompile(`^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{6}| \d\d:\d\d:\d\d)$`)
	pages := 0
	for _, row := range loaded(t).Pages {
		p := object(t, row.Data)
		if p["node"] != phone {
			continue
		}
		pages++
		if diff := cmp.Diff(phoneKeys, slices.Sorted(maps.Keys(p))); diff != "" {
			t.Errorf("%s keys (-want +got):\n%s", row.ID, diff)
		}
		when, _ := p["page_date"].(string)
		if !localTime.MatchString(when) || p["author_acct"] != row.Book || p["page"] != row.ID || p["privacy"] != false || p["fsynced"] != true {
			t.Errorf("not as a phone writes it: %s", row.Data)
		}
		info, _ := p["creation_info"].(map[string]any)
		if info["user"] != row.Book || info["node"] != phone {
			t.Errorf("%s was created by %v", row.ID, info)
		}
		measured(t, row.ID, p["measurements"])
	}
	if pages < 120 {
		t.Errorf("%d pages from phones", pages)
	}
}

// measured checks a list of measurements against the shapes that the app knows.
func measured(t *testing.T, id string, v any) {
	t.Helper()
	list, _ := v.([]any)
	if len(list) == 0 {
		t.Errorf("%s measures nothing: %v", id, v)
	}
	var shape []string
	for _, one := range list {
		m, _ := one.(map[string]any)
		shape = append(shape, slices.Sorted(maps.Keys(m))...)
		ranges(t, id, m)
	}
	known := []string{"bp hr", "bg", "osat", "bmi wt", "mood_energy", "sleep", "pa"}
	if s := strings.Join(shape, " "); !slices.Contains(known, s) {
		t.Errorf("%s measures %q", id, s)
	}
}

// ranges checks one measurement's keys and numbers.
func ranges(t *testing.T, id string, m map[string]any) {
	t.Helper()
	plausible := map[string]map[string][2]float64{
		"bp":          {"systolic": {110, 150}, "diastolic": {70, 96}},
		"mood_energy": {"mood": {-3, 3}, "energy": {0, 3}},
		"pa":          {"aerobic": {0, 120}, "anaerobic": {0, 60}, "steps": {0, 20000}},
	}
	single := map[string][2]float64{"hr": {55, 100}, "bg": {80, 115}, "osat": {95, 100}, "wt": {70, 82}, "bmi": {25, 30}}
	for key, v := range m {
		if r, ok := single[key]; ok {
			within(t, id+" "+key, v, r[0], r[1])
			continue
		}
		inner, _ := v.(map[string]any)
		if key == "sleep" {
			if hours, ok := inner["sleeptime"].(string); !ok || hours == "" || inner["sleepquality"] == nil || len(inner) != 2 {
				t.Errorf("%s sleep is %v", id, v)
			}
			continue
		}
		if len(inner) != len(plausible[key]) || len(inner) == 0 {
			t.Errorf("%s %s is %v", id, key, v)
		}
		for k, r := range plausible[key] {
			within(t, id+" "+k, inner[k], r[0], r[1])
		}
	}
	if wt, ok := m["wt"].(json.Number); ok {
		w, _ := wt.Float64()
		bmi := w / (1.66 * 1.66)
		within(t, id+" bmi of the weight", m["bmi"], bmi-.051, bmi+.051)
	}
}

func TestPagesFromHospitals(t *testing.T) {
	t.Parallel()
	// A Python dict as repr prints it: single quotes, flat but for bp.
	repr := regexp.MustCompile(`^\{'bp': \{'systolic': \d+, 'diastolic': \d+\}(, '[a-z]+': \d+(\.\d+)?)+\}$`)
	measurements := 0
	for _, row := range loaded(t).Pages {
		p := object(t, row.Data)
		if p["node"] == phone {
			continue
		}
		for key := range p {
			if !slices.Contains(hmisKeys, key) {
				t.Errorf("%s has the key %s", row.ID, key)
			}
		}
		for _, key := range []string{"page_type", "relevance", "summary", "info", "node"} {
			if s, _ := p[key].(string); s == "" {
				t.Errorf("%s has no %s", row.ID, key)
			}
		}
		if p["page_type"] == "medical" && p["medical_context"] == nil || p["page_type"] == "social" && p["social_context"] == nil {
			t.Errorf("%s has no context", row.ID)
		}
		if m, ok := p["measurements"]; ok {
			measurements++
			if s, _ := m.(string); !repr.MatchString(s) {
				t.Errorf("%s measures %v, want a Python repr", row.ID, m)
			}
		}
	}
	if measurements < 2 {
		t.Errorf("%d pages with measurements", measurements)
	}
}

// TestBookOfAna asks for what a reader of the demo expects to find.
func TestBookOfAna(t *testing.T) {
	t.Parallel()
	found := map[any]int{}
	weights, systolic := []float64{}, []float64{}
	for _, row := range loaded(t).Pages {
		if row.Book != ana {
			continue
		}
		p := object(t, row.Data)
		found[p["medical_context"]]++
		found[p["page_type"]]++
		found[p["health_condition_code"]]++
		found[p["gene"]]++
		list, _ := p["measurements"].([]any)
		for _, one := range list {
			m := one.(map[string]any)
			if m["wt"] != nil {
				weights = append(weights, within(t, row.ID, m["wt"], 0, 500))
			}
			if bp, ok := m["bp"].(map[string]any); ok {
				systolic = append(systolic, within(t, row.ID, bp["systolic"], 0, 300))
			}
		}
	}
	for _, want := range []string{"birth", "immunization", "genetics", "biographical", "social", "S52.5", "F5"} {
		if found[want] == 0 {
			t.Errorf("no page with %s", want)
		}
	}
	falls(t, "weight", weights, 5)
	falls(t, "systolic pressure", systolic, 8)
}

// falls checks that the last quarter of the values is lower than the first by
// at least the given difference, on average.
func falls(t *testing.T, what string, values []float64, by float64) {
	t.Helper()
	n := len(values) / 4
	if n < 4 {
		t.Fatalf("%d values of %s", len(values), what)
	}
	first, last := mean(values[:n]), mean(values[len(values)-n:])
	if math.IsNaN(first) || first-last < by {
		t.Errorf("%s goes from %.1f to %.1f", what, first, last)
	}
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
