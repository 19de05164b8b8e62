// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A trial that found nothing would prove nothing: each kind of fault is planted here.
func TestWhatDiffersFromTheLedgerIsFound(t *testing.T) {
	told := newLedger("X")
	told.made("page", "X1", map[string]any{"n": 1.0})
	told.changed("page", "X1", map[string]any{"n": 2.0})
	told.made("page", "X2", map[string]any{})
	told.deleted("page", "X2")

	gone := stored{Changes: 2, Fed: 2}
	for fault, is := range map[string]map[string]stored{
		"":                      {"page X1": {Changes: 2, Fed: 2, Data: []byte(`{"n": 2}`)}, "page X2": gone},
		"page X1: LOST":         {"page X2": gone},
		"X1: LOST":              {"page X1": {Changes: 1, Fed: 1, Data: []byte(`{"n": 1}`)}, "page X2": gone},
		"page X1: TWICE":        {"page X1": {Changes: 3, Fed: 3, Data: []byte(`{"n": 2}`)}, "page X2": gone},
		"page X1: map[n:1]":     {"page X1": {Changes: 2, Fed: 2, Data: []byte(`{"n": 1}`)}, "page X2": gone},
		"the feed has 1":        {"page X1": {Changes: 2, Fed: 1, Data: []byte(`{"n": 2}`)}, "page X2": gone},
		"page X2: map[]":        {"page X1": {Changes: 2, Fed: 2, Data: []byte(`{"n": 2}`)}, "page X2": {Changes: 2, Fed: 2, Data: []byte(`{}`)}},
		"nobody was told of it": {"page X1": {Changes: 2, Fed: 2, Data: []byte(`{"n": 2}`)}, "page X2": gone, "page X3": {}},
	} {
		got := told.differences(is)
		if fault == "" && len(got) > 0 || fault != "" && (len(got) != 1 || !strings.Contains(got[0], fault)) {
			t.Errorf("%q: %q", fault, got)
		}
	}
}

func TestWhatAListenerMissesIsFound(t *testing.T) {
	there := map[string]stored{"page X1": {Changes: 3}}
	for heardOf, want := range map[string]int{"1 2 3": 0, "1 2 2 3": 0, "1 3": 1, "1 2": 1, "2 3": 1, "": 1, "1 2 3 4": 1} {
		var h heard
		for version := range strings.FieldsSeq(heardOf) {
			h.add(`{"resource": "page", "id": "X1", "version": ` + version + `}`)
		}
		if got := h.lacks(there, "X"); len(got) != want {
			t.Errorf("%q: %q", heardOf, got)
		}
	}

	lost := heard{list: []change{{"page", "X2", 1}, {"page", "Y1", 7}}}
	if got := lost.lacks(map[string]stored{}, "X"); len(got) != 1 || !strings.Contains(got[0], "not there") {
		t.Errorf("of what is not there: %q", got)
	}
}

// Clients are told at once what no client should see.
func TestARefusalIsFound(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	defer server.Close()
	for _, status = range []int{http.StatusOK, http.StatusServiceUnavailable, http.StatusInternalServerError} {
		c := &client{hubs: []string{server.URL}, ledger: newLedger("X")}
		if status == http.StatusServiceUnavailable {
			c.ask(request{method: "GET", path: "/"}) // it would be sent again until it is answered
		} else {
			c.send(request{method: "GET", path: "/"})
		}
		if got, want := len(c.ledger.faults), min(1, status/500); got != want {
			t.Errorf("%d: %q", status, c.ledger.faults)
		}
	}

	server.Close()
	for mayLose, want := range map[bool]int{false: 1, true: 0} {
		c := &client{hubs: []string{server.URL}, ledger: newLedger("X"), mayLose: mayLose}
		c.ask(request{method: "GET", path: "/"})
		if got := len(c.ledger.faults); got != want {
			t.Errorf("a lost connection, allowed %t: %q", mayLose, c.ledger.faults)
		}
	}
}
