// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

func TestAPanicIsAFaultWithItsStackInTheLogOnly(t *testing.T) {
	t.Parallel()
	h := logHub(t, func(o *testhub.Options) { o.Store = nil })
	login, ready := h.Do(other, "GET", "/login", ""), h.Do(nobody, "GET", "/health/ready", "")
	form := h.Do(other, "GET", "/password/"+other[0], "")
	for _, a := range []testhub.Answer{login, ready, form} {
		h.checkNeutral(a.Want(t, http.StatusInternalServerError))
		panics := h.Entries("panic", a.Header.Get("X-Request-Id"))
		if len(panics) != 1 || !strings.Contains(panics[0]["stack"].(string), "goroutine") {
			t.Errorf("%s: the log should have one stack: %v", a.Request.URL.Path, panics)
		}
		if e := h.EntryOf(a); !strings.Contains(e["error"].(string), "nil pointer") {
			t.Errorf("%s: %v", a.Request.URL.Path, e)
		}
	}
}
