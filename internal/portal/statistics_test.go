// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/portal"
	"thalamus/internal/testhub"
)

// fillStatistics adds 1,200 persons, of whom 12 have a page of last month and of the one before, and counts.
func fillStatistics(t *testing.T, h *testhub.Hub) {
	t.Helper()
	h.DB.Exec(`INSERT INTO people SELECT 'P' || n, '{"creation_info": {"node": "LAB"}}' FROM generate_series(1, 1200) AS n`)
	h.DB.Exec(`INSERT INTO institutions VALUES ('LAB', '{}')`)
	h.DB.Exec(`INSERT INTO pols (id, book, data) SELECT 'C' || n || '-' || back, 'P' || n,
			jsonb_build_object('page_date', to_char(date_trunc('month', now()) - make_interval(months => back), 'YYYY-MM-DD'), 'context', 'lab', 'node', 'LAB')
		FROM generate_series(1, 12) AS n, generate_series(1, 2) AS back`)
	h.DB.Exec(`UPDATE thalamus_statistics_state SET counted = NULL`)
	if err := h.DB.CountStatistics(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestStatisticsAreShownToThoseWhoMayAskForThem(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	fillStatistics(t, h)
	shown := h.SignIn(root).Get("/portal/statistics").Want(t, http.StatusOK).Text
	for _, want := range []string{
		"no account yet</th><td data-label=\"Count\"><bdi>1\u202f205</bdi> <meter", "disabled</th><td data-label=\"Count\">few persons</td>",
		"<bdi>LAB</bdi></th><td data-label=\"Count\"><bdi>1\u202f200</bdi>", "Laboratory</th><td data-label=\"Count\"><bdi>25</bdi>", "<svg", "<a href=\"/portal/statistics\" aria-current",
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("the screen has no %q", want)
		}
	}
	for _, who := range [][]string{ana, testhub.Cameron} {
		b := h.SignIn(who)
		b.Get("/portal/statistics").Want(t, http.StatusForbidden)
		if strings.Contains(b.Get("/portal/").Text, "/portal/statistics") {
			t.Errorf("%s is led to statistics", who[0])
		}
	}
}

func TestEveryKindThatIsCountedHasAName(t *testing.T) {
	t.Parallel()
	for _, kind := range fed.PageKinds() {
		if !portal.IsNamed(kind) {
			t.Errorf("%s has none", kind)
		}
	}
}
