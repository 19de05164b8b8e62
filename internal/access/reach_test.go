// SPDX-License-Identifier: GPL-3.0-or-later

package access

import (
	"strings"
	"testing"
)

func TestReachTakesAllGrantsFromOneRole(t *testing.T) {
	p := parse(t, `[
		{"role": "patient", "permissions": {"GET": ["changes", "page", "institution"], "global": "False"}},
		{"role": "doctor", "permissions": {"GET": ["changes", "page"], "global": "True"}},
		{"role": "listener", "permissions": {"GET": ["changes"], "global": "True"}},
		{"role": "reader", "permissions": {"GET": ["page"], "global": "True"}},
		{"role": "writer", "permissions": {"POST": ["changes", "page"], "global": "True"}},
		{"role": "nurse", "permissions": {"GET": ["changes"], "global": "True"}},
		{"role": "nurse", "permissions": {"GET": ["page"], "global": "False"}},
		{"role": "matron", "permissions": {"GET": ["changes"], "global": "True"}},
		{"role": "matron", "permissions": {"GET": ["page"], "global": "True"}}]`)
	for _, c := range []struct {
		roles    string
		endpoint Endpoint
		want     Reach
	}{
		{"", Page, NoRecords}, {"unknown", Page, NoRecords}, {"writer", Page, NoRecords},
		{"patient", Page, OwnRecords}, {"patient", Institution, OwnRecords}, {"patient", Document, NoRecords},
		{"doctor", Page, AllRecords}, {"doctor", Institution, NoRecords},
		{"listener", Page, NoRecords}, {"reader", Page, NoRecords}, {"listener reader", Page, NoRecords},
		{"patient listener", Page, OwnRecords}, {"patient reader", Page, OwnRecords}, {"patient doctor", Page, AllRecords}, {"doctor patient", Page, AllRecords},
		{"nurse", Page, OwnRecords}, {"matron", Page, AllRecords}, {"nurse reader", Page, OwnRecords},
	} {
		t.Run(c.roles, func(t *testing.T) {
			if got := p.Reach(strings.Fields(c.roles), "GET", Changes, c.endpoint); got != c.want {
				t.Errorf("%q reach %d of %s, want %d", c.roles, got, c.endpoint, c.want)
			}
		})
	}
}

func TestRolesOfThePythonServerReachNoChanges(t *testing.T) {
	p := pythonPolicy(t)
	for _, endpoint := range Endpoints() {
		if got := p.Reach(p.Roles(), "GET", Changes, endpoint); got != NoRecords {
			t.Errorf("%s: %d", endpoint, got)
		}
	}
}

// A roles file of the Python server grants nothing that it did not know.
func TestTheOriginalFileGrantsNothingNew(t *testing.T) {
	policy, _, err := Load("testdata/roles.original.cfg")
	if err != nil {
		t.Fatal(err)
	}

	for _, endpoint := range []Endpoint{Changes, History, Matches, Links} {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			if got := policy.Reach(policy.Roles(), method, endpoint); got != NoRecords {
				t.Errorf("%s %s: got %v", method, endpoint, got)
			}
		}
	}
}
