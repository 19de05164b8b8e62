// SPDX-License-Identifier: GPL-3.0-or-later

package access

import (
	"slices"
	"strings"
	"testing"
)

func TestGranting(t *testing.T) {
	p := pythonPolicy(t)
	for _, c := range []struct {
		roles, method string
		endpoint      Endpoint
		own           bool
		want          string
	}{
		{"end_user", "GET", Person, true, "end_user"},
		{"end_user", "GET", Person, false, ""},
		{"end_user health_professional", "GET", Person, false, "health_professional"},
		{"root end_user health_professional", "GET", Person, true, "root end_user health_professional"},
		{"end_user librarian end_user", "GET", Person, true, "end_user"},
		{"health_professional root", "POST", Password, false, "root"},
		{"", "GET", Person, true, ""},
	} {
		t.Run(c.roles, func(t *testing.T) {
			roles, want := strings.Fields(c.roles), strings.Fields(c.want)
			if got := p.GrantingRoles(roles, c.method, c.endpoint, c.own); !slices.Equal(got, want) {
				t.Errorf("%s %s with %q, own %t: %q, want %q", c.method, c.endpoint, roles, c.own, got, want)
			}

			if got := p.Allow(roles, c.method, c.endpoint, c.own); got != (len(want) > 0) {
				t.Errorf("%s %s with %q, own %t: Allow says %t", c.method, c.endpoint, roles, c.own, got)
			}
		})
	}
}
