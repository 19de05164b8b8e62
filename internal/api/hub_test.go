// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// The accounts of the fixture, with their passwords.
var (
	ana, other, cameron, root, nobody = testhub.Ana, testhub.Other, testhub.Cameron, testhub.Root, testhub.Nobody
	birthPage                         = testhub.BirthPage
)

// hub is a whole server, whose resources are asked.
type hub struct{ *testhub.Hub }

func newHub(t testing.TB, change ...func(*testhub.Options)) *hub {
	t.Helper()
	return &hub{testhub.New(t, change...)}
}

func hubWith(t testing.TB, roles string, change ...func(*testhub.Options)) *hub {
	t.Helper()
	return &hub{testhub.With(t, roles, change...)}
}

func quickHub(t testing.TB, change ...func(*testhub.Options)) *hub {
	t.Helper()
	return &hub{testhub.Quick(t, change...)}
}

func logHub(t testing.TB, change ...func(*testhub.Options)) *hub {
	t.Helper()
	return &hub{testhub.Logged(t, change...)}
}

func quickHubWith(t testing.TB, roles string) *hub {
	t.Helper()
	return &hub{testhub.QuickWith(t, roles)}
}

func serve(t testing.TB, db *testdb.DB, roles string, change ...func(*testhub.Options)) *hub {
	t.Helper()
	return &hub{testhub.Serve(t, db, roles, change...)}
}
