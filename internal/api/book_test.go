// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// newBookHub has a person with pages as phones, hospitals and others write them.
func newBookHub(t *testing.T) *hub {
	t.Helper()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO people (id, data) VALUES ('BOOK', '{}')`)
	h.DB.Exec(`INSERT INTO pols (id, book, data) SELECT key, 'BOOK', value || jsonb_build_object('id', key) FROM jsonb_each($1::jsonb)`, `{
		"a": {"page_date": "2023-12-31T23:59:59.999999", "domain": "medical", "context": "monitoring"},
		"b": {"page_date": "2024-05-01", "domain": "medical", "context": "encounter"},
		"c": {"page_date": "2024-05-01T10:11:12.123456", "domain": "social", "context": "monitoring"},
		"d": {"page_date": "2024-05-01 23:30:00", "page_type": "medical", "medical_context": "encounter"},
		"e": {"page_date": "2024-05-02T00:30:00+02:00", "page_type": "social", "medical_context": null},
		"f": {"page_date": "2024-05-02T00:00:00Z", "page_type": 5},
		"y": {"page_date": "sometime", "domain": "medical"},
		"z": {}}`)
	return h
}

func TestABookIsFilteredAndOrdered(t *testing.T) {
	t.Parallel()
	h := newBookHub(t)
	for query, want := range map[string]string{
		"order=asc":                                   "a b c e d f y z",
		"order=desc":                                  "f d e c b a z y",
		"from=2024":                                   "b c e d f y z",
		"to=2023":                                     "a y z",
		"from=2024-05&to=2024-05":                     "b c e d f y z",
		"from=2024-05-01&to=2024-05-01":               "b c e d y z",
		"from=2024-05-02&order=desc":                  "f z y",
		"to=2024-05-01&order=desc":                    "d e c b a z y",
		"from=2024-05-01T10:11:12.123456":             "c e d f y z",
		"from=2024-05-01T10:11:12.123457Z":            "e d f y z",
		"to=2024-05-01+10:11:12.123456":               "a b c y z",
		"to=2024-05-01T10:11:12.123455":               "a b y z",
		"from=2024-05-02T00:30:00%2B02:00":            "e d f y z",
		"from=2024-05-02T00:30:00+02:00":              "e d f y z",
		"to=2024-05-01T18:30:00-0400":                 "a b c e y z",
		"to=2024-05-01T22:30":                         "a b c e y z",
		"from=9999&to=9999":                           "y z",
		"from=1999-02-28&to=9999-12-31":               "a b c e d f y z",
		"domain=medical":                              "a b y",
		"page_type=medical":                           "d",
		"page_type=5":                                 "",
		"context=encounter":                           "b d",
		"medical_context=encounter":                   "b d",
		"context=monitoring&domain=medical":           "a",
		"context=monitoring&medical_context=x":        "",
		"medical_context=encounter&context=encounter": "b d",
		"domain=medical&from=2024&order=desc":         "b y",
	} {
		t.Run(query, func(t *testing.T) {
			a := h.Do(root, "GET", "/pols/BOOK?"+query, "").Want(t, http.StatusOK)
			if got := idsOf(t, a.Text); got != want {
				t.Errorf("%s: got %s, want %s", query, got, want)
			}
		})
	}
	h.Do(root, "GET", "/pols/NOBODY?order=asc&limit=1", "").Want(t, 200)
}

// A time finds the page that has it, however both are written.
func TestAPageIsFoundByItsOwnTime(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO people (id, data) VALUES ('BOOK', '{}')`)
	for _, date := range []string{
		"2024-05-01T23:59:59.9999999", "2024-05-01 23:59:59.99999999", "2024-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.9999995",
		"2024-05-01t10:11:12z", "2024-05-01t10:11:12.5", "2024-05-01 10:11 z", " 2024-05-01T10:11:12 ", "2024-05-01 10:11:12 -0330", "2024-05-01T10:11:12 +02:00",
	} {
		h.DB.Exec(`INSERT INTO pols (id, book, data) VALUES ('p', 'BOOK', jsonb_build_object('id', 'p', 'page_date', $1::text)),
			('before', 'BOOK', '{"id": "before", "page_date": "1950-01-01"}'), ('after', 'BOOK', '{"id": "after", "page_date": "2050-01-01"}')`, date)
		moment := url.QueryEscape(date)
		a := h.Do(root, "GET", "/pols/BOOK?from="+moment+"&to="+moment, "").Want(t, http.StatusOK)
		if got := idsOf(t, a.Text); got != "p" {
			t.Errorf("%q: got %q", date, got)
		}
		h.DB.Exec(`DELETE FROM pols WHERE book = 'BOOK'`)
	}
}

// Seven decimals, as .NET writes them, do not carry the last moment of a day into the next.
func TestTheLastMomentOfADayIsOfThatDay(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO people (id, data) VALUES ('BOOK', '{}')`)
	h.DB.Exec(`INSERT INTO pols (id, book, data) VALUES ('p', 'BOOK', '{"id": "p", "page_date": "2024-05-01T23:59:59.9999999"}')`)
	for query, want := range map[string]string{"from=2024-05-01&to=2024-05-01": "p", "from=2024-05-02": "", "to=2024-05-01T23:59:59.9999999": "p"} {
		t.Run(query, func(t *testing.T) {
			a := h.Do(root, "GET", "/pols/BOOK?"+query, "").Want(t, http.StatusOK)
			if got := idsOf(t, a.Text); got != want {
				t.Errorf("%s: got %q, want %q", query, got, want)
			}
		})
	}
}

func TestWrongQueriesOfABookAreRefused(t *testing.T) {
	t.Parallel()
	h := newBookHub(t)
	for _, query := range []string{
		"order=up", "order=DESC", "order=asc&order=desc", "from=x", "from=2024-13", "to=2024-02-30", "from=24", "from=0000", "from=2024-05-01T25:00:00", "to=2024-05-01T10:11:12+99:00",
		"from=2024-05-02&to=2024-05-01", "from=2024-05-01&from=2024-05-01", "from=now", "from=infinity", "from=2024..2025", "to=2024-05-01T", "from=%FF", "domain=%00", "domain=%FF", "domain=a&domain=b", "pagetype=medical", "q=x", "info=x", "%zz",
	} {
		h.Do(root, "GET", "/pols/BOOK?"+query, "").Want(t, http.StatusUnprocessableEntity)
	}
	h.Do(ana, "GET", "/pols/BOOK?order=asc", "").Want(t, http.StatusForbidden)
	h.Do(ana, "GET", "/pols/ESPGNU777ORG?order=asc&limit=1", "").Want(t, http.StatusOK)
}

// In UTC they are before the first year that is written with four digits, and behind the last.
func TestABookGoesOnBehindTheFirstAndTheLastDate(t *testing.T) {
	t.Parallel()
	h := newBookHub(t)
	h.DB.Exec(`INSERT INTO pols (id, book, data) SELECT key, 'BOOK', value || jsonb_build_object('id', key) FROM jsonb_each($1::jsonb)`, `{
		"0": {"page_date": "0001-01-01T00:00:00+15:59"}, "9": {"page_date": "9999-12-31T23:59:59.999999-15:59"}}`)
	for order, want := range map[string]string{"asc": "0 a b c e d f 9 y z", "desc": "9 f d e c b a 0 z y"} {
		t.Run(order, func(t *testing.T) {
			got := idsOf(t, "["+strings.Join(h.inPages("/pols/BOOK?limit=1&order="+order), ",")+"]")
			if got != want {
				t.Errorf("%s: got %s, want %s", order, got, want)
			}
		})
	}
}
