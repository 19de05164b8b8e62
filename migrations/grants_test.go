// SPDX-License-Identifier: GPL-3.0-or-later

package migrations

import (
	"os"
	"strings"
	"testing"
)

func TestTheManualHasTheGrants(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../internal/manual/history.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "```text\n"+Grants+"```\n") {
		t.Errorf("it does not have\n%s", Grants)
	}
}
