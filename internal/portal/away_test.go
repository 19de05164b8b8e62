// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// A page that is read tries again by itself; a form would be sent twice.
func TestADatabaseThatIsAwayIsAPage(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	h.DB.Close()
	for _, c := range []struct {
		reply   testhub.Answer
		refresh string
	}{{b.Get("/portal/"), "5"}, {b.Post("/portal/sessions", "end", "all"), ""}} {
		a := c.reply.Want(t, http.StatusServiceUnavailable)
		if a.Header.Get("Refresh") != c.refresh || a.Header.Get("Retry-After") != "5" || !strings.Contains(a.Text, "Nothing was lost") {
			t.Errorf("Refresh %q, Retry-After %q: %s", a.Header.Get("Refresh"), a.Header.Get("Retry-After"), a.Text)
		}
	}
	a := (testhub.Browser{Hub: h}).Post("/portal/sign-in", "account", ana[0], "password", "not known yet").Want(t, http.StatusServiceUnavailable)
	if !strings.Contains(a.Text, "cannot be signed in just now") || !strings.Contains(a.Text, `value="`+ana[0]+`"`) || a.Header.Get("Refresh") != "" {
		t.Errorf("the form says %s", a.Text)
	}
}
