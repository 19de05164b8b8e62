// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"strings"
	"testing"

	"thalamus/internal/gate"
)

// A row with a person in its path that is about nobody would be in everybody's own reach.
func TestARowIsAboutThePersonOfItsPath(t *testing.T) {
	t.Parallel()
	faces := map[string]gate.Face{}
	for _, row := range quickHub(t).Rows {
		if (row.Subject == gate.OfPath) != strings.Contains(row.Pattern, "{person}") {
			t.Errorf("%s %s has the subject %d", row.Method, row.Pattern, row.Subject)
		}
		if face, ok := faces[row.Pattern]; ok && face != row.Face {
			t.Errorf("%s %s has another face than the row before", row.Method, row.Pattern)
		}
		faces[row.Pattern] = row.Face
	}
}
