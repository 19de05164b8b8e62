// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// A row with a person in its path that is about nobody would be in everybody's own reach.
func TestARowIsAboutThePersonOfItsPath(t *testing.T) {
	t.Parallel()
	faces := map[string]Face{}
	for _, row := range New(Options{}).rows {
		if (row.Subject == OfPath) != strings.Contains(row.Pattern, "{person}") {
			t.Errorf("%s %s has the subject %d", row.Method, row.Pattern, row.Subject)
		}
		if face, ok := faces[row.Pattern]; ok && face != row.Face {
			t.Errorf("%s %s has another face than the row before", row.Method, row.Pattern)
		}
		faces[row.Pattern] = row.Face
	}
}

// One request is judged by one roles file, whatever becomes of it meanwhile.
func TestARequestIsJudgedByTheRolesFileItCameWith(t *testing.T) {
	t.Parallel()
	policy, _, err := access.Parse([]byte(`[{"role":"r","permissions":{"GET":["people","person"],"PATCH":["roles"],"global":"True"}}]`))
	if err != nil {
		t.Fatal(err)
	}
	s := New(Options{Policy: policy})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/people", nil)
	c := &Caller{Account: fed.Account{ID: "A", Roles: []string{"r"}}, server: s, event: &event{routing: chi.NewRouteContext()}}
	if err := s.authorise(&Row{Method: http.MethodGet, Endpoint: access.People}, r, c); err != nil {
		t.Fatal(err)
	}
	s.SetPolicy(&access.Policy{})
	renewed := c.Renewed(c.Account)
	for _, c := range []*Caller{c, &renewed} {
		want := c != &renewed
		for what, got := range map[string]bool{
			"may": c.May(http.MethodGet, access.Person), "administers": c.Administers(), "is global": c.Global(),
			"reaches all": c.Reach(http.MethodGet, access.Person) == access.Everybodys,
		} {
			if got != want {
				t.Errorf("%s: %t, want %t", what, got, want)
			}
		}
	}
}
