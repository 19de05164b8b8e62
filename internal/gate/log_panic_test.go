// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A part of a reply must not look like a whole one.
func TestAPanicAfterTheReplyHasBegunCutsItOff(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	g := &Gate{options: Options{Log: slog.New(slog.NewTextHandler(&log, nil))}}
	hub := httptest.NewServer(g.withEvent(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("[1,"))
		_ = http.NewResponseController(w).Flush()
		panic("in the middle")
	})))

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, hub.URL, nil)
	if err != nil {
		t.Fatal(err)
	}

	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}

	defer reply.Body.Close()

	if body, err := io.ReadAll(reply.Body); err == nil {
		t.Errorf("the reply ended well: %q", body)
	}

	hub.Close()
	for _, part := range []string{"msg=panic", `fault="in the middle"`, "msg=request", "status=200", errCutOff.Error()} {
		if strings.Count(log.String(), part) != 1 {
			t.Errorf("the log should have %s once:\n%s", part, log.String())
		}
	}
}
