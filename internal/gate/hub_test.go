// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

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

const (
	birthDocs    = "/personal_docs/ESPGNU777ORG/119b352e-8e4f-4847-9f05-53462cf94f10"
	portalOrigin = "https://portal.example.org"
)

// hub is a whole server, whose gate is tried.
type hub struct{ *testhub.Hub }

func quickHub(t testing.TB, change ...func(*testhub.Options)) *hub {
	t.Helper()
	return &hub{testhub.Quick(t, change...)}
}
