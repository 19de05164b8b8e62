// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"
)

// countingHub is a hub with ten pages of as many persons, which were counted.
func countingHub(t *testing.T) *hub {
	t.Helper()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO people SELECT 'P' || n FROM generate_series(1, 10) AS n;
		INSERT INTO people VALUES ('P11', '{"creation_info": {"node": "LAB"}}');
		INSERT INTO institutions VALUES ('LAB', '{}');
		INSERT INTO pols (id, book, data) SELECT 'C' || n, 'P' || n, '{"page_date": "1976-05-01", "context": "lab", "node": "LAB"}' FROM generate_series(1, 10) AS n`)
	h.DB.Exec(`UPDATE thalamus_statistics_state SET counted = NULL`)
	if err := h.DB.CountStatistics(t.Context()); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestStatisticsTellWhatTheyWereAskedBy(t *testing.T) {
	t.Parallel()
	h := countingHub(t)
	for _, c := range []struct{ query, want string }{
		{"?to=1976-05", `"subject":"page","counts":[{"month":"1976-05","count":10}]`},
		{"?to=1976-05&by=kind,institution", `"subject":"page","counts":[{"institution":"LAB","kind":"lab","count":10}]`},
		{"?institution=LAB&by=institution", `"subject":"page","counts":[{"institution":"LAB","count":10}]`},
		{"?from=1976-05&to=1976-05&kind=lab&by=month", `"subject":"page","counts":[{"month":"1976-05","count":10}]`},
		{"?from=1976-06&to=1976-06", `"subject":"page","counts":[]`},
		{"?kind=surgery", `"subject":"page","counts":[]`},
		{"?subject=person&institution=nowhere&by=kind", `"subject":"person","counts":[]`},
		{"?subject=person&institution=LAB&by=kind", `"subject":"person","counts":[{"kind":"no_account","count":null}]`},
	} {
		t.Run(c.query, func(t *testing.T) {
			reply := h.Do(root, http.MethodGet, "/statistics"+c.query, "").Want(t, http.StatusOK)
			if !strings.HasSuffix(reply.Text, c.want+"}") || !strings.HasPrefix(reply.Text, `{"counted":"2`) {
				t.Errorf("%s, want %s", reply.Text, c.want)
			}
		})
	}
}

func TestOddQuestionsForStatisticsAreRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, query := range []string{
		"?subject=document", "?subject=", "?by=person", "?by=", "?by=month,", "?by=month;DROP", "?from=1976", "?from=1976-13", "?to=0000-01", "?institution=", "?kind=",
	} {
		t.Run(query, func(t *testing.T) {
			h.Do(root, http.MethodGet, "/statistics"+query, "").Want(t, http.StatusUnprocessableEntity)
		})
	}
	h.DB.Exec(`UPDATE thalamus_statistics_state SET counted = NULL`) // as before the first count
	h.Do(root, http.MethodGet, "/statistics", "").Want(t, http.StatusServiceUnavailable)
	h.Do(other, http.MethodGet, "/statistics", "").Want(t, http.StatusForbidden)
	h.Do(nil, http.MethodGet, "/statistics", "").Want(t, http.StatusUnauthorized)
}
