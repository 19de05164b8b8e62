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
		{"", Page, Nobodys}, {"unknown", Page, Nobodys}, {"writer", Page, Nobodys},
		{"patient", Page, Own}, {"patient", Institution, Own}, {"patient", Document, Nobodys},
		{"doctor", Page, Everybodys}, {"doctor", Institution, Nobodys},
		{"listener", Page, Nobodys}, {"reader", Page, Nobodys}, {"listener reader", Page, Nobodys},
		{"patient listener", Page, Own}, {"patient reader", Page, Own}, {"patient doctor", Page, Everybodys}, {"doctor patient", Page, Everybodys},
		{"nurse", Page, Own}, {"matron", Page, Everybodys}, {"nurse reader", Page, Own},
	} {
		if got := p.Reach(strings.Fields(c.roles), "GET", Changes, c.endpoint); got != c.want {
			t.Errorf("%q reach %d of %s, want %d", c.roles, got, c.endpoint, c.want)
		}
	}
}

func TestRolesOfThePythonServerReachNoChanges(t *testing.T) {
	p := python(t)
	for _, endpoint := range Endpoints() {
		if got := p.Reach(p.Roles(), "GET", Changes, endpoint); got != Nobodys {
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
			if got := policy.Reach(policy.Roles(), method, endpoint); got != Nobodys {
				t.Errorf("%s %s: got %v", method, endpoint, got)
			}
		}
	}
}
