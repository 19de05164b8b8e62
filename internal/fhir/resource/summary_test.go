// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// However much a book says, its summary ends, and says that it does.
func TestALongSummaryLeavesTheOldestOut(t *testing.T) {
	s := NewSummary(stored("XA", `{}`), time.UTC)
	for n := range 12 {
		s.Add(ReadPage("XA", stored(fmt.Sprint("p", n), fmt.Sprintf(`{"page_type": "medical", "medical_context": "encounter", "health_condition_text": "c%d", "info": "%s"}`,
			n, strings.Repeat("x", 1<<20))), time.UTC))
	}
	problems := s.Section("problems")
	if n := len(problems.Items); s.Bytes() > maxSummary || n == 0 || n == 12 || problems.Items[0].Text != "c0" || !problems.Cut {
		t.Errorf("%d items of %d bytes", n, s.Bytes())
	}
	if !strings.Contains(string(s.JSON(SummaryDocument{})), "older and left out here") {
		t.Error("it does not say that items are left out")
	}
}
