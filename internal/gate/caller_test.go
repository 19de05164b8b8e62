// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-chi/chi/v5"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// One request is judged by one roles file, whatever becomes of it meanwhile.
func TestARequestIsJudgedByTheRolesFileItCameWith(t *testing.T) {
	t.Parallel()
	policy, _, err := access.Parse([]byte(`[{"role":"r","permissions":{"GET":["people","person"],"PATCH":["roles"],"global":"True"}}]`))
	if err != nil {
		t.Fatal(err)
	}

	g := New(Options{Policy: policy}, nil)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/people", nil)
	c := &Caller{Account: fed.Account{ID: "A", Roles: []string{"r"}}, gate: g, event: &event{routing: chi.NewRouteContext()}}
	if err := g.authorise(&Row{Method: http.MethodGet, Endpoint: access.People}, nil, r, c); err != nil {
		t.Fatal(err)
	}

	g.SetPolicy(&access.Policy{})
	renewed, err := c.Renewed(t.Context(), c.Account)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*Caller{c, &renewed} {
		want := c != &renewed
		for what, got := range map[string]bool{
			"may": c.May(http.MethodGet, access.Person), "administers": c.Administers(), "is global": c.Global(),
			"reaches all": c.Reach(http.MethodGet, access.Person) == access.AllRecords,
		} {
			t.Run(what, func(t *testing.T) {
				if got != want {
					t.Errorf("%s: %t, want %t", what, got, want)
				}
			})
		}
	}
}
