// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// A journal cuts long lines. A reader of the record takes each line for itself.
func TestVeryManyPersonsAreInSeveralLines(t *testing.T) {
	t.Parallel()
	const journal = 48 << 10 // bytes of a line
	for _, c := range []struct{ persons, length, lines int }{
		{0, 12, 1}, {1, 12, 1}, {1000, 12, 1}, {1001, 12, 2}, {2500, 12, 3}, {1000, 255, 8},
	} {
		ids := make([]string, c.persons)
		for i := range ids {
			ids[i] = fmt.Sprintf("%0*d", c.length, i)
		}

		line := Line{Account: "A", Endpoint: "people", Persons: &Persons{IDs: ids}, Status: 200}
		lines := strings.SplitAfter(strings.TrimSuffix(string(line.append(nil)), "\n"), "\n")
		var named []string

		for _, text := range lines {
			e, err := readEntry([]byte(text))
			var some []string
			if err != nil || json.Unmarshal(e.Persons, &some) != nil || len(text) > journal || len(some) > 1000 {
				t.Errorf("%d bytes, %d persons, %v: %.300s", len(text), len(some), err, text)
			}
			named = append(named, some...)
		}

		if len(lines) != c.lines || strings.Join(named, " ") != strings.Join(ids, " ") {
			t.Errorf("%d persons with ids of %d: %d lines that name %d, want %d", c.persons, c.length, len(lines), len(named), c.lines)
		}
	}
}
