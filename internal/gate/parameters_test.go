// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"net/http/httptest"
	"testing"

	"thalamus/internal/gate"
)

// words are parameters of which each takes any value.
var words = gate.NewParameters(
	gate.NewParameter("b", "b must be a word.", takeWord),
	gate.NewParameter("a", "a must be a word.", takeWord),
)

func takeWord(q *string, value string) bool {
	*q += value
	return value != "no"
}

func TestAQueryIsRead(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{"": "", "?": "", "?a=1&b=2": "12", "?b=1&a=2": "12", "?c&a=%2B+%26": "+ &", "?&&a=x=y&": "x=y", "?%61=1": "1"} {
		t.Run(query, func(t *testing.T) {
			got, err := words.Read(httptest.NewRequestWithContext(t.Context(), "GET", "/x"+query, nil), "")
			if err != nil || got != want {
				t.Errorf("%s: %q %v, want %q", query, got, err, want)
			}
		})
	}
}

// The first fault of a query is told, with all the names in their order.
func TestAQueryThatCannotBeReadIsRefused(t *testing.T) {
	t.Parallel()
	const unreadable, one, list = "The query cannot be read.", " must have one value, in UTF-8.", " Parameters: a, b."
	for query, want := range map[string]string{
		"a=%zz": unreadable, "%zz": unreadable, "a=1;b=2": unreadable, "x;y": unreadable,
		"a=1&a=1": "a" + one + list, "a=1&b=2&a": "a" + one + list, "a=": "a" + one + list, "b": "b" + one + list, "a=%FF": "a" + one + list, "b=x%00": "b" + one + list,
		"a=no": "a must be a word." + list, "b=no&a=no": "b must be a word." + list,
		"c=": "c is no parameter here." + list, "C=x": "The query has a parameter that is none here." + list, "=": "The query has a parameter that is none here." + list,
	} {
		t.Run(query, func(t *testing.T) {
			if _, err := words.Read(httptest.NewRequestWithContext(t.Context(), "GET", "/x?"+query, nil), ""); err == nil || err.Error() != want {
				t.Errorf("%s: %v, want %s", query, err, want)
			}
		})
	}
}

// Most requests of every phone and node have no query.
func TestARequestWithoutAQueryAllocatesNothing(t *testing.T) {
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/x", nil)
	at := gate.PagingAt(&gate.Caller{}, "x")

	n := testing.AllocsPerRun(100, func() {
		part, err := gate.Unfiltered.Read(r, at)
		if err != nil || !part.All() {
			t.Error(part, err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}
