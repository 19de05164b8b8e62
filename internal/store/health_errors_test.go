// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"testing"
	"time"
)

func TestATroubleIsShownForAWhile(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for _, c := range []struct {
		sqlstate           string
		broken, unwritable bool
		shown              time.Duration
	}{
		{"58000", true, false, brokenShown}, {"58030", true, false, brokenShown}, {"58P01", true, false, brokenShown},
		{"XX000", true, false, brokenShown}, {"XX001", true, false, brokenShown},
		{"53100", false, true, brokenShown}, {"25006", false, true, forbiddenShown},
		{"53000", false, false, 1}, {"53200", false, false, 1}, {"53300", false, false, 1}, {"57014", false, false, 1}, {"55P03", false, false, 1},
		{"40001", false, false, 1}, {"08006", false, false, 1}, {"5", false, false, 1}, {"", false, false, 1},
	} {
		t.Run(c.sqlstate, func(t *testing.T) {
			var heard serverErrors
			if broken, unwritable := heard.current(now); broken || unwritable {
				t.Error("there is trouble before any was heard of")
			}
			heard.note(c.sqlstate, now)
			for _, later := range []time.Duration{0, c.shown - 1} {
				if broken, unwritable := heard.current(now.Add(later)); broken != c.broken || unwritable != c.unwritable {
					t.Errorf("%s, %v later: broken %t, unwritable %t", c.sqlstate, later, broken, unwritable)
				}
			}
			if broken, unwritable := heard.current(now.Add(c.shown)); broken || unwritable {
				t.Errorf("%s is still shown", c.sqlstate)
			}
		})
	}
}
