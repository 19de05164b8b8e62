// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// A value that is a word of the phone app is told in the reader's language wherever it is shown.
func TestAWordAmongReadingsIsTranslated(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	addPage(h, ana[0], "slept", `{"page_date": "2026-05-02T08:21:00", "measurements": [{"sleep": {"sleeptime": "8", "sleepquality": "good"}}]}`)
	b := h.SignIn(ana)
	for _, path := range []string{"/portal/", "/portal/book", "/portal/page/slept"} {
		a := h.DoWith(nil, "GET", path, "", "Cookie", b.Cookie, "Accept-Language", "es")
		wantText(t, a.Want(t, http.StatusOK), `<bdi dir="ltr">8 h</bdi>, Bien`)
	}
}

// The table of measurements writes dates as the other screens do.
func TestTheTableOfMeasurementsHasDatesInWords(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`DELETE FROM personal_docs`)
	h.DB.Exec(`DELETE FROM pols WHERE book = $1`, ana[0])
	addPage(h, ana[0], "clock", `{"page_date": "2026-05-02T08:21:00", "measurements": [{"wt": 71.2}]}`)
	addPage(h, ana[0], "zoned", `{"page_date": "2026-05-01T08:20:00+02:00", "measurements": [{"wt": 71.3}]}`)
	a := h.SignIn(ana).Get("/portal/measurements?period=all&kind=weight").Want(t, http.StatusOK)
	wantText(t, a, `<td data-label="Date"><time datetime="2026-05-02T08:21">2 May 2026, 08:21</time></td>`, `2026-05-01T08:20+02:00">1 May 2026, 08:20 UTC+02:00</time></td>`)
}

// The index of a download tells accesses in words, as the portal does, and its title has no markup.
func TestTheIndexOfADownloadIsInWords(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	h.Do(cameron, "GET", "/pols/"+ana[0], "").Want(t, http.StatusOK)
	h.Do(other, "GET", "/pols/"+ana[0], "").Want(t, http.StatusForbidden)
	copyLines()
	index := unzip(t, h.SignIn(ana).Get("/portal/download").Want(t, http.StatusOK))["index.html"]
	for _, want := range []string{
		"<title>All that is stored about " + ana[0] + "</title>", "<bdi>ITAPYT999HON</bdi> · Health professional · book of life</li>",
		"· Patient · book of life · <strong>was refused</strong></li>",
	} {
		if !strings.Contains(index, want) {
			t.Errorf("the index has no %q: %s", want, index)
		}
	}
}
