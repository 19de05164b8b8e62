// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAValueThatSaysItsUnitIsReadInIt(t *testing.T) {
	long := strings.Repeat("x", maxUnit+1)
	for measurements, want := range map[string][]string{
		`[{"bg": {"value": 98, "unit": "mg/dL"}}]`:                                                            {"0 glucose 98"},
		`[{"bg": {"unit": "MG/DL", "value": "98.0"}}]`:                                                        {"0 glucose 98.0"},
		`[{"bg": {"value": 5.40, "unit": "mmol/L"}}, {"hr": 70}]`:                                             {"1 heart_rate 70", "0 glucose 5.40 mmol/L"},
		`"{'bg': {'value': 5.4, 'unit': 'mmol/L'}}"`:                                                          {"0 glucose 5.4 mmol/L"},
		`[{"mood_energy": {"mood": {"value": 2, "unit": "points"}}}]`:                                         {"0 mood 2 points  "},
		`[{"bp": {"systolic": {"value": 16, "unit": "kPa"}, "diastolic": 80}}]`:                               {"0 blood_pressure 16 kPa 80 mmHg"},
		`[{"bp": {"systolic": 120, "diastolic": {"value": 10.6, "unit": "kPa"}}}]`:                            {"0 blood_pressure 120 mmHg 10.6 kPa"},
		`[{"bp": {"systolic": {"value": 120, "unit": "mmHg"}, "diastolic": {"value": null, "unit": "kPa"}}}]`: {"0 blood_pressure 120/"},
		`[{"hb": {"value": 13.20, "unit": "g/dL"}}]`:                                                          {"+ hb 13.20 g/dL"},
		`[{"bp": {"mean": {"value": "93", "unit": "mmHg"}}}]`:                                                 {"+ bp.mean 93 mmHg"},
		`[{"bg": {"value": "<5", "unit": "mmol/L"}}]`:                                                         {"! bg <5 mmol/L"},

		// These say something else, or more.
		`[{"bg": {"value": 98}}]`:                                       {`! bg {"value": 98}`},
		`[{"bg": {"value": 98, "unit": ""}}]`:                           {`! bg {"value": 98, "unit": ""}`},
		`[{"bg": {"value": 98, "unit": 7}}]`:                            {`! bg {"value": 98, "unit": 7}`},
		`[{"bg": {"value": 98, "unit": "mg/dL", "low": 70}}]`:           {`! bg {"value": 98, "unit": "mg/dL", "low": 70}`},
		`[{"bg": {"value": [98], "unit": "mg/dL"}}]`:                    {`! bg {"value": [98], "unit": "mg/dL"}`},
		`[{"bg": {"value": {"value": 98, "unit": "g"}, "unit": "g"}}]`:  {`! bg {"value": {"value": 98, "unit": "g"}, "unit": "g"}`},
		`[{"bg": {"value": 98, "unit": "` + long + `"}}]`:               {`! bg {"value": 98, "unit": "` + long + `"}`},
		`[{"sleep": {"sleepquality": {"value": "good", "unit": "h"}}}]`: {`! sleep.sleepquality good h`},
	} {
		t.Run(measurements, func(t *testing.T) {
			if diff := cmp.Diff(want, told(Read("", []byte(measurements)))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestAValueInAnotherUnitIsNoNumberOfItsKind(t *testing.T) {
	pressure := Read("", []byte(`[{"bp": {"systolic": {"value": 16, "unit": "kPa"}, "diastolic": 80}}]`)).OtherUnits[0]
	if n, ok := pressure.Number(0); ok {
		t.Errorf("16 kPa are %f mmHg", n)
	}
	if n, ok := pressure.Number(1); n != 80 || !ok {
		t.Errorf("80 mmHg are %f", n)
	}
}
