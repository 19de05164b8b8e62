// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/testhub"
)

// queries are for rows that show nothing without one.
var queries = map[string]string{"/portal/people": "?q=betz", "/portal/admin/accounts": "?q=" + ana[0], "/portal/admin/access": "?person=" + ana[0]}

// pathOf is a path of a row, of records of ana's that there are.
func pathOf(h *testhub.Hub, row gate.Row) string {
	h.T.Helper()
	document := h.DB.Text("SELECT id FROM personal_docs WHERE fedacct = $1 AND pol = $2 ORDER BY id LIMIT 1", ana[0], testhub.BirthPage)
	consent := h.DB.Text("SELECT COALESCE((SELECT max(id) FROM thalamus_consents WHERE person = $1), 'none')", ana[0])
	emergency := h.DB.Text("SELECT COALESCE((SELECT max(id) FROM thalamus_emergencies WHERE person = $1), 'none')", ana[0])
	return strings.NewReplacer("{consent}", consent, "{emergency}", emergency, "{person}", ana[0], "{other}", other[0], "{page}", testhub.BirthPage, "{document}", document, "{", "", "}", "").Replace(row.Pattern) + queries[row.Pattern]
}

// What is about nobody needs no line in the access record.
var aboutNobody = []access.Endpoint{access.Public, access.SignedIn, access.Login, access.Statistics}

// Each page about a person is recorded as the resource is that it shows: when it is read, and when
// it is refused.
func TestEveryPageAboutAPersonIsRecorded(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	stranger := h.Enrol("STRANGER")
	for _, row := range h.Pages {
		refused := h.SignIn(stranger).Do(row.Method, pathOf(h, row), "")
		lines := l.Take()
		if slices.Contains(aboutNobody, row.Endpoint) {
			if len(lines) != 0 {
				t.Errorf("%s %s: %q", row.Method, row.Pattern, lines)
			}
			continue
		}

		endpoints := append([]access.Endpoint{row.Endpoint}, row.Besides...)
		if len(lines) != len(endpoints) || refused.StatusCode != http.StatusForbidden || !strings.Contains(lines[0], `"endpoint":"`+string(row.Endpoint)+`"`) {
			t.Errorf("%s %s, %d: %q", row.Method, row.Pattern, refused.StatusCode, lines)
		}
		if row.Method != http.MethodGet || strings.Contains(row.Pattern, "{other}") { // which has a line for each of the two
			continue
		}

		person := map[gate.Subject]string{gate.OfPath: ana[0], gate.OfCaller: root[0]}[row.Subject]
		got := l.Of(t, h.SignIn(root).Get(pathOf(h, row)))
		if len(got) != len(endpoints) {
			t.Errorf("%s: the lines are %q", row.Pattern, got)
			continue
		}
		for i, endpoint := range endpoints {
			if want := root[0] + " root GET " + string(endpoint) + " " + person + " "; !strings.HasPrefix(got[i], want) {
				t.Errorf("%s: the line is %q, want %q", row.Pattern, got[i], want)
			}
		}
	}
}

// A row names its person in the path, is about the caller, or takes a role that reaches everybody: else
// it would be in everybody's reach. A search has the endpoint of the list that it searches.
func TestAPageIsAboutThePersonOfItsPath(t *testing.T) {
	t.Parallel()
	for _, row := range quickHub(t).Pages {
		if row.Face != gate.Pages || (row.Subject == gate.OfPath) != strings.Contains(row.Pattern, "{person}") || row.Subject == gate.OfFilter {
			t.Errorf("%s %s has the face %d and the subject %d", row.Method, row.Pattern, row.Face, row.Subject)
		}
		if !slices.Contains(aboutNobody, row.Endpoint) && row.Endpoint != access.People && row.Subject == gate.Nobody {
			t.Errorf("%s %s is about nobody", row.Method, row.Pattern)
		}
	}
}

// Where the portal is not enabled there is nothing at its paths.
func TestAHubWithoutThePortalHasNoPages(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	bare := gate.New(gate.Options{Policy: &access.Policy{}, Log: slog.New(slog.DiscardHandler)}, h.Rows)
	for _, path := range []string{"/portal", "/portal/", "/portal/sign-in"} {
		reply := httptest.NewRecorder()
		bare.ServeHTTP(reply, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if reply.Code != http.StatusNotFound || reply.Header().Get("Content-Type") != gate.JSONType {
			t.Errorf("%s: %d, %s", path, reply.Code, reply.Header().Get("Content-Type"))
		}
	}
}
