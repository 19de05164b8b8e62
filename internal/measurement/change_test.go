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
		{`null`, []Reading{{Weight, New, []string{"71.20"}}}, `[{"wt":71.20}]`},
		{``, []Reading{{BloodPressure, New, []string{"120", "80"}}, {HeartRate, New, []string{"70"}}}, `[{"bp":{"diastolic":80,"systolic":120}},{"hr":70}]`},
		{`""`, []Reading{{Weight, New, []string{"71"}}}, `[{"wt":71}]`},
		{``, []Reading{{Mood, New, []string{"-2", "1"}}, {Sleep, New, []string{"7.5", "good"}}, {Steps, New, []string{"4000"}}, {Exercise, New, []string{"30", ""}}, {Glucose, New, []string{""}}},
			`[{"mood_energy":{"energy":1,"mood":-2}},{"sleep":{"sleepquality":"good","sleeptime":"7.5"}},{"pa":{"aerobic":30,"steps":4000}}]`},
		{`[{"wt": 68.50, "bmi": 24.10}]`, []Reading{{Weight, 0, []string{"71.2"}}}, `[{"bmi":24.10,"wt":71.2}]`},
		{`[{"bp": {"systolic": 120, "diastolic": 80.0, "arm": "left"}}, {"nutrition": {"a": [1, null]}}]`, []Reading{{BloodPressure, 0, []string{"121", "80.0"}}},
			`[{"bp":{"arm":"left","diastolic":80.0,"systolic":121}},{"nutrition":{"a":[1,null]}}]`},
		{`[{"hr": 70}, null, {"wt": 71}]`, []Reading{{HeartRate, 0, []string{""}}}, `[null,{"wt":71}]`},
		{`[{"hr": 70}]`, []Reading{{HeartRate, 0, []string{""}}}, `[]`},
		{` {"bp": {"systolic": 120}} `, []Reading{{BloodPressure, 0, []string{"", ""}}}, `[]`},
		{`[{"sleep": {"sleeptime": "8"}}]`, []Reading{{Sleep, 0, []string{"7.5", "good"}}}, `[{"sleep":{"sleepquality":"good","sleeptime":"7.5"}}]`},
		{`[{"sleep": {"sleeptime": 8, "sleepquality": "poor"}}]`, []Reading{{Sleep, 0, []string{"8", "good"}}}, `[{"sleep":{"sleepquality":"good","sleeptime":8}}]`},
		{`[{"pa": {"aerobic": 30, "steps": 4000}}]`, []Reading{{Steps, 0, []string{"5000"}}}, `[{"pa":{"aerobic":30,"steps":5000}}]`},
		{`"{'bp': {'systolic': 132, 'diastolic': 84}, 't': 36.5}"`, []Reading{{Temperature, 0, []string{"36.6"}}}, `[{"bp":{"systolic":132,"diastolic":84},"t":36.6}]`},
		{`{"hr": 70}`, []Reading{{Weight, New, []string{"71"}}}, `[{"hr": 70},{"wt":71}]`},
		{`[{"hr": 70}, {"hr": 80}]`, []Reading{{HeartRate, 1, []string{"81"}}}, `[{"hr": 70},{"hr":81}]`},
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
