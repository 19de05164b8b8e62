// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"strings"
	"testing"
)

// A change of one value leaves all else as it was, to the digit, whatever shape it has.
func TestAChangeLeavesAllElse(t *testing.T) {
	for _, c := range []struct {
		before  string
		changed []Reading
		after   string
	}{
		{`null`, []Reading{{Weight, New, []string{"71.20"}, nil}}, `[{"wt":71.20}]`},
		{``, []Reading{{BloodPressure, New, []string{"120", "80"}, nil}, {HeartRate, New, []string{"70"}, nil}}, `[{"bp":{"diastolic":80,"systolic":120}},{"hr":70}]`},
		{`""`, []Reading{{Weight, New, []string{"71"}, nil}}, `[{"wt":71}]`},
		{``, []Reading{{Mood, New, []string{"-2", "1"}, nil}, {Sleep, New, []string{"7.5", "good"}, nil}, {Steps, New, []string{"4000"}, nil}, {Exercise, New, []string{"30", ""}, nil}, {Glucose, New, []string{""}, nil}},
			`[{"mood_energy":{"energy":1,"mood":-2}},{"sleep":{"sleepquality":"good","sleeptime":"7.5"}},{"pa":{"aerobic":30,"steps":4000}}]`},
		{`[{"wt": 68.50, "bmi": 24.10}]`, []Reading{{Weight, 0, []string{"71.2"}, nil}}, `[{"bmi":24.10,"wt":71.2}]`},
		{`[{"bp": {"systolic": 120, "diastolic": 80.0, "arm": "left"}}, {"nutrition": {"a": [1, null]}}]`, []Reading{{BloodPressure, 0, []string{"121", "80.0"}, nil}},
			`[{"bp":{"arm":"left","diastolic":80.0,"systolic":121}},{"nutrition":{"a":[1,null]}}]`},
		{`[{"hr": 70}, null, {"wt": 71}]`, []Reading{{HeartRate, 0, []string{""}, nil}}, `[null,{"wt":71}]`},
		{`[{"hr": 70}]`, []Reading{{HeartRate, 0, []string{""}, nil}}, `[]`},
		{` {"bp": {"systolic": 120}} `, []Reading{{BloodPressure, 0, []string{"", ""}, nil}}, `[]`},
		{`[{"sleep": {"sleeptime": "8"}}]`, []Reading{{Sleep, 0, []string{"7.5", "good"}, nil}}, `[{"sleep":{"sleepquality":"good","sleeptime":"7.5"}}]`},
		{`[{"sleep": {"sleeptime": 8, "sleepquality": "poor"}}]`, []Reading{{Sleep, 0, []string{"8", "good"}, nil}}, `[{"sleep":{"sleepquality":"good","sleeptime":8}}]`},
		{`[{"pa": {"aerobic": 30, "steps": 4000}}]`, []Reading{{Steps, 0, []string{"5000"}, nil}}, `[{"pa":{"aerobic":30,"steps":5000}}]`},
		{`"{'bp': {'systolic': 132, 'diastolic': 84}, 't': 36.5}"`, []Reading{{Temperature, 0, []string{"36.6"}, nil}}, `[{"bp":{"systolic":132,"diastolic":84},"t":36.6}]`},
		{`{"hr": 70}`, []Reading{{Weight, New, []string{"71"}, nil}}, `[{"hr": 70},{"wt":71}]`},
		{`[{"hr": 70}, {"hr": 80}]`, []Reading{{HeartRate, 1, []string{"81"}, nil}}, `[{"hr": 70},{"hr":81}]`},
		{`[{"bp": {"systolic": {"value": 120, "unit": "mmHg"}, "diastolic": {"value": 80, "unit": "mmHg"}}}]`, []Reading{{BloodPressure, 0, []string{"120", "81"}, nil}},
			`[{"bp":{"diastolic":81,"systolic":{"value":120,"unit":"mmHg"}}}]`},
		{`"{'bp': "`, nil, ``},
		{`"words"`, nil, ``},
		{`7`, nil, ``},
	} {
		t.Run(c.before, func(t *testing.T) {
			list, ok := Change([]byte(c.before), c.changed)
			want := strings.ReplaceAll(c.after, ": ", ":")
			if string(list) != want || ok != (c.after != "") {
				t.Errorf("%s becomes %s, %t; want %s", c.before, list, ok, want)
			}
		})
	}
}
