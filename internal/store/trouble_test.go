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
		sqlstate     string
		broken, full bool
	}{
		{"58000", true, false}, {"58030", true, false}, {"58P01", true, false}, {"XX000", true, false}, {"XX001", true, false}, {"53100", false, true},
		{"53000", false, false}, {"53200", false, false}, {"53300", false, false}, {"57014", false, false}, {"55P03", false, false},
		{"40001", false, false}, {"08006", false, false}, {"5", false, false}, {"", false, false},
	} {
		var heard trouble
		if broken, full := heard.shown(now); broken || full {
			t.Error("there is trouble before any was heard of")
		}
		heard.hear(c.sqlstate, now)
		for _, later := range []time.Duration{0, troubleShown - 1} {
			if broken, full := heard.shown(now.Add(later)); broken != c.broken || full != c.full {
				t.Errorf("%s, %v later: broken %t, full %t", c.sqlstate, later, broken, full)
			}
		}
		if broken, full := heard.shown(now.Add(troubleShown)); broken || full {
			t.Errorf("%s is still shown", c.sqlstate)
		}
	}
}
