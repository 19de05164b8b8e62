// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
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

// hub is a testhub.Hub, to which tests of a topic add what they ask it.
type hub struct {
	*testhub.Hub
	t   testing.TB
	db  *testdb.DB
	log *testhub.Logbook
}

func asHub(h *testhub.Hub) *hub { return &hub{h, h.T, h.DB, h.Log} }

func newHub(t testing.TB, change ...func(*testhub.Options)) *hub {
	return asHub(testhub.New(t, change...))
}

func hubWith(t testing.TB, roles string, change ...func(*testhub.Options)) *hub {
	return asHub(testhub.With(t, roles, change...))
}

func quickHub(t testing.TB, change ...func(*testhub.Options)) *hub {
	return asHub(testhub.Quick(t, change...))
}

func quickHubWith(t testing.TB, roles string) *hub { return asHub(testhub.QuickWith(t, roles)) }

func serve(t testing.TB, db *testdb.DB, roles string, change ...func(*testhub.Options)) *hub {
	return asHub(testhub.Serve(t, db, roles, change...))
}

var cheap, quickHash, plainClient = testhub.Cheap, testhub.QuickHash, testhub.Client

func (h *hub) enrol(id string, roles ...string) (account []string) { return h.Enrol(id, roles...) }

// answer is a reply with its body read.
type answer struct {
	*http.Response
	body string
}

func (h *hub) request(account []string, method, path, body string) *http.Request {
	return h.Request(account, method, path, body)
}

func (h *hub) do(account []string, method, path, body string) answer {
	h.t.Helper()
	return asAnswer(h.Do(account, method, path, body))
}

func (h *hub) doWith(account []string, method, path, body string, headers ...string) answer {
	h.t.Helper()
	return asAnswer(h.DoWith(account, method, path, body, headers...))
}

func (h *hub) send(r *http.Request) answer {
	h.t.Helper()
	return asAnswer(h.Send(r))
}

func try(r *http.Request) (answer, error) {
	a, err := testhub.Try(r)
	return asAnswer(a), err
}

func (a answer) want(t testing.TB, status int) answer {
	t.Helper()
	testhub.Answer{Response: a.Response, Text: a.body}.Want(t, status)
	return a
}

func asAnswer(a testhub.Answer) answer { return answer{a.Response, a.Text} }
