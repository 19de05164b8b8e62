// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// told writes down what was read: readings as element, kind and values, with their units if these
// are others; others with a plus, and what cannot be read with an exclamation mark.
func told(p Page) (all []string) {
	for _, r := range p.Readings {
		all = append(all, fmt.Sprintf("%d %s %s", r.Element, r.Kind.Name, strings.Join(r.Values, "/")))
	}
	for _, r := range p.OtherUnits {
		line := fmt.Sprintf("%d %s", r.Element, r.Kind.Name)
		for i, value := range r.Values {
			line += " " + value + " " + r.Unit(i)
		}
		all = append(all, line)
	}
	for _, other := range p.Others {
		all = append(all, "+ "+other.Path+" "+other.Value)
	}
	for _, text := range p.Unreadable {
		all = append(all, "! "+text.Path+" "+text.Value)
	}
	return all
}

func TestWhatClientsMeasureIsRead(t *testing.T) {
	for measurements, want := range map[string][]string{
		// The phone app.
		`[{"bp":{"systolic":120,"diastolic":80}},{"hr":70}]`: {"0 blood_pressure 120/80", "1 heart_rate 70"},
		`[{"bg":98}]`:                              {"0 glucose 98"},
		`[{"osat":97}]`:                            {"0 saturation 97"},
		`[{"wt":68.5,"bmi":24.1}]`:                 {"0 weight 68.5", "0 bmi 24.1"},
		`[{"mood_energy":{"mood":-2,"energy":1}}]`: {"0 mood -2/1"},
		`[{"sleep":{"sleeptime":"7.5","sleepquality":"good"}}]`: {"0 sleep 7.5/good"},
		`[{"pa":{"aerobic":30,"anaerobic":0,"steps":4000}}]`:    {"0 steps 4000", "0 exercise 30/0"},
		`[{"nutrition":{"calories":1800,"water":null}}]`:        {`+ nutrition {"calories":1800,"water":null}`},
		`[{"wt":68.5,"bmi":null},null]`:                         {"0 weight 68.5"},
		`null`:                                                  nil, `[]`: nil, `{}`: nil, `""`: nil, ``: nil,

		`[{"hr":null,"bp":null,"pa":{"steps":null,"floors":null},"x":null}]`: nil,
		`[{"hr":"","bp":"","pa":{"steps":"","floors":""},"x":""}]`:           nil,
		` { "hr" : 70 } `: {"0 heart_rate 70"},

		// The same without the list, as PostgreSQL prints it.
		`{"t": 36.60, "bp": {"systolic": 120, "diastolic": 80}}`: {"0 temperature 36.60", "0 blood_pressure 120/80"},

		// The hospitals' system.
		`"{'bp': {'systolic': 116, 'diastolic': 79}, 't': 36.0, 'hr': 75, 'rr': 16, 'osat': 99, 'wt': 68.0, 'ht': 168.0, 'bmi': 24.09, 'bg': 116}"`: {
			"0 blood_pressure 116/79", "0 temperature 36.0", "0 heart_rate 75", "0 breathing 16", "0 saturation 99",
			"0 weight 68.0", "0 height 168.0", "0 bmi 24.09", "0 glucose 116",
		},
		`"{'bp': {'systolic': 120, 'diastolic': None}, 't': Decimal('36.50'), 'wt': None}"`: {"0 blood_pressure 120/", "0 temperature 36.50"},
		`"[{'hr': 70}, {'hr': 71}]"`: {"0 heart_rate 70", "1 heart_rate 71"},
		`"None"`:                     nil,
		`"{}"`:                       nil,
	} {
		t.Run(measurements, func(t *testing.T) {
			if diff := cmp.Diff(want, told(Read("", []byte(measurements)))); diff != "" {
				t.Errorf("%s: %s", measurements, diff)
			}
		})
	}
}

func TestWhatCannotBeReadIsTold(t *testing.T) {
	for measurements, want := range map[string][]string{
		`[{"bp":{"systolic":120,"diastolic":"eighty"}}]`: {"0 blood_pressure 120/", "! bp.diastolic eighty"},
		`[{"bp":"120/80"},{"hr":70}]`:                    {"1 heart_rate 70", "! bp 120/80"},
		`[{"bp":120}]`:                                   {"! bp 120"},
		`[{"bp":{"systolic":120,"arm":"left"}}]`:         {"0 blood_pressure 120/", "+ bp.arm left"},
		`[{"pa":{"steps":4000,"floors":2}}]`:             {"0 steps 4000", "+ pa.floors 2"},
		`[{"wt":"68,5"}]`:                                {"! wt 68,5"},
		`[{"wt":"68.5"}]`:                                {"0 weight 68.5"},
		`[{"wt":""}]`:                                    nil,
		`[{"wt":"068"}]`:                                 {"! wt 068"},
		`[{"wt":{"kg":68}}]`:                             {`! wt {"kg":68}`},
		`[{"wt":[68]}]`:                                  {`! wt [68]`},
		`[{"wt":true}]`:                                  {`! wt true`},
		`[{"wt":"NaN"}]`:                                 {`! wt NaN`},
		`[{"wt":" 68"}]`:                                 {`! wt  68`},
		`[{"sleep":{"sleeptime":8,"sleepquality":3}}]`:   {"0 sleep 8/", "! sleep.sleepquality 3"},
		`["{'hr': 70}",{"hr":71},72,[{"hr":73}]]`:        {"1 heart_rate 71", "! measurements.0 {'hr': 70}", "! measurements.2 72", `! measurements.3 [{"hr":73}]`},
		`70`:            {"! measurements 70"},
		`true`:          {"! measurements true"},
		`"120/80"`:      {"! measurements 120/80"},
		`"{'hr': 70"`:   {"! measurements {'hr': 70"},
		`"{'hr': nan}"`: {"! measurements {'hr': nan}"},
		`"'hr'"`:        {"! measurements 'hr'"},
		`"70"`:          {"! measurements 70"},
	} {
		t.Run(measurements, func(t *testing.T) {
			if diff := cmp.Diff(want, told(Read("", []byte(measurements)))); diff != "" {
				t.Errorf("%s: %s", measurements, diff)
			}
		})
	}
}

func TestValuesKeepTheirDigits(t *testing.T) {
	for sent, want := range map[string]string{
		`68.50`: "68.50", `68`: "68", `-0.0`: "-0.0", `6.85e1`: "68.5", `685E-1`: "68.5", `1e2`: "100", `1.50e+1`: "15.0", `5e-05`: "0.00005",
		`123456789012345678.123456789`: "123456789012345678.123456789", `0e5`: "0",
		`1e99`: "", `1e-99`: "", `1e999999999`: "", `1e-999999999`: "", `1e99999999999999999999`: "", `1234567890123456789012345678901`: "",
	} {
		t.Run(sent, func(t *testing.T) {
			page := Read("", []byte(`[{"wt":`+sent+`}]`))
			if want == "" {
				if diff := cmp.Diff([]string{"! wt " + sent}, told(page)); diff != "" {
					t.Errorf("%s: %s", sent, diff)
				}
				return
			}
			if diff := cmp.Diff([]string{"0 weight " + want}, told(page)); diff != "" {
				t.Errorf("%s: %s", sent, diff)
			}
		})
	}
}

// pageOfThePhone and pageOfAHospital have the two schemas of pages of life.
const (
	pageOfThePhone = `{"id":"p","book":"ESPGNU777ORG","page_date":"2024-05-01T10:11:12.123456","domain":"medical","context":"self_monitoring",
		"measurements":[{"wt":68.5,"bmi":24.1}],"summary":null,"info":"before the measurements: {\"wt\": 70}"}`
	pageOfAHospital = `{"id":"q","book":"ESPGNU777ORG","page_date":"2024-05-01 10:11:12+02:00","page_type":"medical","medical_context":"encounter",
		"measurements":"{'wt': 68.5, 'bmi': 24.1}"}`
)

func TestBothSchemasAreRead(t *testing.T) {
	for page, date := range map[string]string{
		pageOfThePhone: "2024-05-01T10:11:12.123456Z", pageOfAHospital: "2024-05-01T10:11:12+02:00",
	} {
		t.Run(page, func(t *testing.T) {
			got := Of([]byte(page))
			if diff := cmp.Diff([]string{"0 weight 68.5", "0 bmi 24.1"}, told(got)); diff != "" {
				t.Errorf("%s: %s", page, diff)
			}
			if when := got.Date.Time.Format(time.RFC3339Nano); !got.Dated || when != date {
				t.Errorf("%s: date %s, want %s", page, when, date)
			}
		})
	}

	for _, page := range []string{``, `null`, `[]`, `5`, `{}`, `{"page_date":5}`, `{"page_date":"soon","measurements":null}`} {
		if got := Of([]byte(page)); got.Dated || told(got) != nil {
			t.Errorf("%s: got %v", page, got)
		}
	}
}

// The demo's pages are written as the clients write theirs.
func TestAllPagesOfTheDemoAreRead(t *testing.T) {
	file, err := os.ReadFile("../demo/data/pages.json")
	var pages []json.RawMessage
	if err != nil || json.Unmarshal(file, &pages) != nil {
		t.Fatal("the demo has no pages", err)
	}

	readings := 0
	for _, text := range pages {
		page := Of(text)
		if !page.Dated || page.Others != nil || page.Unreadable != nil {
			t.Errorf("%s: %v", text, told(page))
		}
		readings += len(page.Readings)
		for _, r := range page.Readings {
			for i, doubt := range r.Doubts() {
				if doubt != NoDoubt {
					t.Errorf("%s: %s is doubted: %s", r.Kind.Name, r.Values[i], doubt)
				}
			}
		}
	}
	if readings < 200 {
		t.Errorf("%d readings", readings)
	}
}

func TestNumbersForDrawing(t *testing.T) {
	r := Reading{Sleep, 0, []string{"7.5", "8"}, nil}
	if n, ok := r.Number(0); n != 7.5 || !ok {
		t.Errorf("got %v, %v", n, ok)
	}
	if _, ok := r.Number(1); ok {
		t.Error("words are no number")
	}
	if _, ok := (Reading{Weight, 0, []string{""}, nil}).Number(0); ok {
		t.Error("nothing is no number")
	}
}

// FuzzRead holds that nothing is lost: what is sent is read, another kind or unreadable.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{`[{"bp":{"systolic":120,"x":1}}]`, `"{'hr': 70}"`, `{"wt":1e5}`, `[[1]]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, measurements string) {
		told := told(Read("", []byte(measurements)))
		var value any
		err := json.Unmarshal([]byte(measurements), &value)
		if _, isLiteral := value.(string); err == nil && !isLiteral && says(value) && told == nil {
			t.Fatalf("%s: nothing is told", measurements)
		}
	})
}

// says reports whether there is anything in a value of JSON.
func says(value any) bool {
	switch value := value.(type) {
	case nil:
		return false
	case string:
		return value != ""
	case []any:
		return slices.ContainsFunc(value, says)
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(value)), says)
	default:
		return true
	}
}

func BenchmarkOf(b *testing.B) {
	for b.Loop() {
		Of([]byte(pageOfThePhone))
	}
}

func BenchmarkOfAHospital(b *testing.B) {
	for b.Loop() {
		Of([]byte(pageOfAHospital))
	}
}
