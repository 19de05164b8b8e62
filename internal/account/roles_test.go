// SPDX-License-Identifier: GPL-3.0-or-later

package account

import (
	"strings"
	"testing"

	"thalamus/internal/access"
)

func TestRolesAreGivenAndTakenInTheirOrder(t *testing.T) {
	for _, c := range []struct{ roles, give, take, want string }{
		{"a b", "", "", "a b"}, {"", "b a", "", "b a"}, {"a b", "c a", "", "a b c"}, {"a b c", "", "b", "a c"},
		{"a", "b", "a", "b"}, {"a", "b", "b", "a"}, {"a", "", "a", ""}, {"a", "", "x", "a"}, {"a b a", "", "", "a b"}, {"", "c c", "", "c"},
	} {
		t.Run(c.roles, func(t *testing.T) {
			got := ChangeRoles(strings.Fields(c.roles), strings.Fields(c.give), strings.Fields(c.take))
			if strings.Join(got, " ") != c.want || got == nil {
				t.Errorf("%+v: %q", c, got)
			}
		})
	}
}

func policy(t *testing.T, text string) *access.Policy {
	t.Helper()
	p, _, err := access.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestANewAccountHasTheRoleOfEverybodyBesideOthers(t *testing.T) {
	usual := policy(t, `[{"role": "end_user", "permissions": {"POST": ["password"], "global": "False"}}, {"role": "nurse", "permissions": {}}]`)
	other := policy(t, `[{"role": "paciente", "permissions": {"POST": ["password"], "global": "False"}}, {"role": "nurse", "permissions": {}}]`)
	for _, c := range []struct {
		policy *access.Policy
		asked  string
		only   bool
		want   string
		own    bool // may change the own password
	}{
		{usual, "", false, "end_user", true}, {usual, "nurse", false, "nurse end_user", true}, {usual, "end_user nurse nurse", false, "end_user nurse", true},
		{usual, "nurse", true, "nurse", false}, {usual, "", true, "", false},
		{other, "", false, "", false}, {other, "nurse", false, "nurse", false}, {other, "paciente", false, "paciente", true},
	} {
		got := NewRoles(c.policy, strings.Fields(c.asked), c.only)
		if strings.Join(got, " ") != c.want || MayChangePassword(c.policy, got) != c.own {
			t.Errorf("%q, only %t: %q", c.asked, c.only, got)
		}
	}
}
