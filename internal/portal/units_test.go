// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A chart has one axis, on which 5.4 mmol/L would be next to nothing.
func TestAValueInAnotherUnitIsShownWithIt(t *testing.T) {
	t.Parallel()
	h, b := newMeasuredBook(t)
	addMeasured(h, ana[0], "hospital-glucose", 30, `[{"bg": {"value": 104, "unit": "mg/dL"}}]`)
	addMeasured(h, ana[0], "phone-glucose", 20, `[{"bg": 98}]`)
	addMeasured(h, ana[0], "laboratory", 5, `[{"bg": {"value": 5.40, "unit": "mmol/L"}}, {"hb": {"value": 13.2, "unit": "g/dL"}}]`)

	for path, all := range map[string][]string{
		"/portal/page/laboratory": {">5.40 mmol/L<", ">13.2 g/dL<"}, "/portal/book": {">5.40 mmol/L<", ">98 mg/dL<", ">104 mg/dL<"},
		"/portal/measurements": {">5.40 mmol/L<"}, "/portal/measurements.csv": {"glucose,,5.40,mmol/L,laboratory", "glucose,,104,mg/dL,hospital-glucose"},
	} {
		a := b.Get(path).Want(t, http.StatusOK)
		for _, want := range all {
			if !strings.Contains(a.Text, want) {
				t.Errorf("%s does not have %s", path, want)
			}
		}
	}

	if got := strings.Count(b.Get("/portal/").Text, ">5.40 mmol/L<"); got != 2 {
		t.Errorf("as the last reading and with its page it is there %d times", got)
	}

	a := b.Get("/portal/measurements?kind=glucose")
	if diff := cmp.Diff([]string{"104", "98"}, chartDots(t, a.Text)); diff != "" {
		t.Errorf("the dots: %s", diff)
	}
	for _, want := range []string{`"><bdi>5.40 mmol/L</bdi></td>`, `"><bdi>98</bdi></td>`, `"><bdi>104</bdi></td>`} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("the table has no %s", want)
		}
	}
}

// The form of a page has the units of the kinds.
func TestACorrectionLeavesAValueInAnotherUnit(t *testing.T) {
	t.Parallel()
	h := newEditHub(t, `[{"bg": {"value": 5.40, "unit": "mmol/L"}}, {"wt": {"value": 71, "unit": "kg"}}]`)
	b := h.SignIn(ana)
	edit(b, b.Get(editPath).Want(t, http.StatusOK), "weight", "72").Want(t, http.StatusSeeOther)
	wantJSON(t, "measurements", page(t, h)["measurements"], `[{"bg":{"unit":"mmol/L","value":5.4}},{"wt":72}]`)
	edit(b, b.Get(editPath), "glucose", "98").Want(t, http.StatusSeeOther)
	wantJSON(t, "measurements", page(t, h)["measurements"], `[{"bg":{"unit":"mmol/L","value":5.4}},{"wt":72},{"bg":98}]`)
}
