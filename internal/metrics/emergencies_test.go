// SPDX-License-Identifier: GPL-3.0-or-later

package metrics_test

import "testing"

func TestEmergenciesAreCounted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		openings []string
		want     map[string]float64
		aged     bool
	}{
		"none":     {nil, map[string]float64{"opened_total": 0, "open": 0, "unreviewed": 0, "unreviewed_seconds": 0}, false},
		"reviewed": {[]string{"'1', now(), now()"}, map[string]float64{"opened_total": 1, "open": 0, "unreviewed": 0, "unreviewed_seconds": 0}, false},
		"open": {
			[]string{"'1', now() + interval '1 min', NULL", "'2', now() + interval '1 min', now()", "'3', now(), NULL"},
			map[string]float64{"opened_total": 3, "open": 2, "unreviewed": 2}, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := quickHub(t)
			for _, values := range c.openings {
				h.DB.Exec(`INSERT INTO thalamus_emergencies (person, account, purpose, reason, time, id, until, reviewed)
					VALUES ('A', 'DR', 'ETREAT', 'a good reason', now() - interval '1 hour', ` + values + `)`)
			}

			h.start()
			for metric, want := range c.want {
				h.want(map[string]float64{"thalamus_emergencies_" + metric: want})
			}
			if c.aged {
				h.await("thalamus_emergencies_unreviewed_seconds", func(age float64) bool { return age >= 3600 && age < 3700 })
			}
		})
	}
}
