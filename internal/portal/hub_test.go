// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"os"
	"strings"
	"testing"

	"thalamus/internal/access"
	"thalamus/internal/portal"
	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

var (
	ana     = testhub.Ana
	other   = testhub.Other
	cameron = testhub.Cameron
	root    = testhub.Root
	nobody  = testhub.Nobody
)

func TestMain(m *testing.M) {
	portal.OfferPseudo()
	testdb.Main(m)
}

func quickHub(t testing.TB, change ...func(*testhub.Options)) *testhub.Hub {
	t.Helper()
	return testhub.Quick(t, change...)
}

// policy reads a roles file.
func policy(t testing.TB, roles string) *access.Policy {
	t.Helper()
	p, _, err := access.Parse([]byte(roles))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// policyWith is the shipped roles, and some more.
func policyWith(t testing.TB, more string) *access.Policy {
	t.Helper()
	shipped, err := os.ReadFile("../../etc/roles.cfg")
	if err != nil {
		t.Fatal(err)
	}
	return policy(t, strings.Replace(string(shipped), "[", "["+more+",", 1))
}
