// SPDX-License-Identifier: GPL-3.0-or-later

package feed_test

import (
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// The accounts of the fixture, with their passwords.
var ana, other, cameron, root, nobody = testhub.Ana, testhub.Other, testhub.Cameron, testhub.Root, testhub.Nobody

// hub is a whole server, whose feed is asked.
type hub struct{ *testhub.Hub }

func quickHub(t testing.TB) *hub {
	t.Helper()
	return &hub{testhub.Quick(t)}
}

func serve(t testing.TB, db *testdb.DB, roles string, change ...func(*testhub.Options)) *hub {
	t.Helper()
	return &hub{testhub.Serve(t, db, roles, change...)}
}
