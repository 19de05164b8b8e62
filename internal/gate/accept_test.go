// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"thalamus/internal/gate"
)

func TestAMediaTypeIsPreferredWhenItIsNamedAboveTheDefault(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]bool{
		"": false, "*/*": false, "text/*": false, "application/json": false, "text/html": false, "text/event-streams": false,
		"text/event-stream": true, "Text/Event-Stream": true, "text/event-stream;charset=utf-8": true, " text/event-stream ; q=0.1": true,
		"text/event-stream;q=0": false, "text/event-stream;q=0.000": false, "text/event-stream;q=0, */*": false, "text/event-stream;q=0, */*;q=0": false,
		"text/event-stream, application/json;q=0.9": true, "application/json;q=0.9, text/event-stream": true,
		"application/json, text/event-stream;q=0.5": false, "text/event-stream;q=0.5, application/json": false,
		"text/event-stream;Q=0.5, application/json": false, "text/event-stream; x=y; q=0.5, application/json": false,
		"text/event-stream, application/json": false, "application/json, text/event-stream": false,
		"text/event-stream, */*": true, "*/*, text/event-stream": true, "text/event-stream, application/*": true, "text/event-stream, */*;q=0.1": true,
		"text/event-stream;q=0.5, */*": false, "text/event-stream;q=0.5, application/*": false, "text/event-stream;q=0.5, */*;q=0.4": true,
		"text/event-stream;q=0.5, */*, application/json;q=0.4": true, "text/event-stream;q=0.5, */*;q=0.1, application/json": false,
		"text/event-stream;q=0.1, application/json;q=0": true, "text/event-stream;q=0.501, application/json;q=0.5": true,
		"text/event-stream;q=x": false, "text/event-stream;q=2": false, "text/event-stream;q=-1": false, "text/event-stream;q=NaN": false,
		"text/event-stream;q=0.2, text/event-stream, application/json;q=0.5": true, "text/event-stream;q=-1, application/json;q=-2": false,
		"text/event-stream;q=0.5, application/json;q=x, */*;q=0.9": false,
		"text/event-stream;q=": false, "text/event-stream;q": false, ";;,": false, "text/event-stream, application/json;q=x": true,
	} {
		t.Run(accept, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/changes", nil)
			r.Header.Set("Accept", accept)
			if got := gate.Prefers(r, "text/event-stream", "application/json"); got != want {
				t.Errorf("%q: %t", accept, got)
			}
		})
	}
}

// A list may be sent in several lines.
func TestAllAcceptHeadersAreRead(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/changes", nil)
	if gate.Prefers(r, "text/event-stream", "application/json") {
		t.Error("a request without Accept")
	}

	r.Header["Accept"] = []string{"text/event-stream;q=0.5", "application/json"}
	if gate.Prefers(r, "text/event-stream", "application/json") {
		t.Error("only the first line is read")
	}

	r.Header["Accept"] = []string{"application/json;q=0.5", "text/event-stream"}
	if !gate.Prefers(r, "text/event-stream", "application/json") {
		t.Error("only the first line is read")
	}
}
