// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// By date the documents come as they came to be, then by id, and last those of which that is not known; in parts of any
// size each comes once.
func TestDocumentsAreSortedByDate(t *testing.T) {
	t.Parallel()
	h := bookHub(t)
	for _, id := range []string{"d3", "d4", "d5", "d6"} {
		h.Do(root, "POST", "/personal_docs/XA/p1?id="+id, id).Want(t, http.StatusCreated)
	}
	h.DB.Exec(`UPDATE thalamus_changes SET time = '2001-02-03T04:05:06Z' WHERE id = 'd4'`)
	h.DB.Exec(`DELETE FROM thalamus_changes WHERE id IN ('d3', 'd5')`)
	for sort, want := range map[string]string{"": "d1 d2 d3 d4 d5 d6", "&_sort=date": "d1 d4 d2 d6 d3 d5", "&_sort=-date": "d6 d2 d4 d1 d5 d3"} {
		for _, count := range []int{0, 1, 2, 3, 6} {
			query, got := "", ""
			if count > 0 {
				query = fmt.Sprint("&_count=", count)
			}
			for path := "/fhir/DocumentReference?patient=XA" + sort + query; path != ""; {
				b := read(t, h.Do(root, "GET", path, ""))
				got, path = got+" "+b.ids(), b.link(h, "next")
			}
			if strings.TrimSpace(got) != want {
				t.Errorf("%s by %d: %s, want %s", sort, count, got, want)
			}
		}
	}

	next := read(t, h.Do(root, "GET", "/fhir/DocumentReference?patient=XA&_sort=date&_count=1", "")).link(h, "next")
	for _, other := range []string{strings.Replace(next, "_sort=date", "_sort=-date", 1), "/fhir/DocumentReference?patient=XA&_sort=id", "/fhir/DocumentReference?patient=XA&_sort=date&_after=x"} {
		diagnostics(t, h.Do(root, "GET", other, ""), http.StatusBadRequest)
	}
}

// However many documents lie between two parts, none is left out.
func TestManyDocumentsAreSortedByDate(t *testing.T) {
	t.Parallel()
	h := bookHub(t)
	h.DB.Exec(`INSERT INTO personal_docs (id, fedacct, pol, data) SELECT 'e' || n, 'XA', 'p1', jsonb_build_object('id', 'e' || n, 'type', CASE n % 50 WHEN 7 THEN 'scan' END) FROM generate_series(100, 399) AS n`)
	var got []string
	for path := "/fhir/DocumentReference?patient=XA&_sort=-date&_count=2&type=scan"; path != ""; {
		b := read(t, h.Do(root, "GET", path, ""))
		got, path = append(got, b.ids()), b.link(h, "next")
	}
	if want := "[e357 e307 e257 e207 e157 e107]"; fmt.Sprint(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
