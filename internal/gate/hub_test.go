// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// The accounts of the fixture, with their passwords.
var ana, root = testhub.Ana, testhub.Root

// hub is a whole server, whose gate is tried.
type hub struct{ *testhub.Hub }

func quickHub(t testing.TB, change ...func(*testhub.Options)) *hub {
	t.Helper()
	return &hub{testhub.Quick(t, change...)}
}
