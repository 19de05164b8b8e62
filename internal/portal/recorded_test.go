// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// A page that shows something of a person has a line in the access record, which names her.
func TestEveryPageThatReadsIsInTheAccessRecord(t *testing.T) {
	t.Parallel()
	h, record := testhub.Recorded(t)
	const marker = "MARKEDRECORD"
	for _, write := range []string{
		`UPDATE people SET data = data || '{"name": "MARKEDRECORD", "lastname": "MARKEDRECORD"}' WHERE id = $1`,
		`UPDATE pols SET data = data || '{"summary": "MARKEDRECORD", "info": "MARKEDRECORD"}' WHERE book = $1`,
		`UPDATE personal_docs SET data = data || '{"description": "MARKEDRECORD", "filename": "MARKEDRECORD"}' WHERE fedacct = $1`,
	} {
		h.DB.Exec(write, ana[0])
	}

	shown := 0
	for _, account := range [][]string{ana, cameron, root} {
		b := h.SignIn(account)
		record.Take()
		for _, row := range h.Pages {
			if row.Method != http.MethodGet {
				continue
			}
			path := pathOf(h, row)
			a := b.Get(path)
			lines := strings.Join(record.Take(), "")
			if !strings.Contains(a.Text, marker) {
				continue
			}
			shown++
			if !strings.Contains(lines, `"account":"`+account[0]) || !strings.Contains(lines, ana[0]) || !strings.Contains(lines, `"status":200`) {
				t.Errorf("%s read %s of %s, and the record has %s", account[0], path, ana[0], lines)
			}
		}
	}
	if shown < 3 {
		t.Errorf("%d pages show the records", shown)
	}
}
