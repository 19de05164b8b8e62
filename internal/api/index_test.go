// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"html"
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
	"thalamus/internal/web"
)

func TestTheIndexSaysWhatIsInTheRouteTable(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	page := html.UnescapeString(h.Do(testhub.Nobody, "GET", "/", "").Want(t, http.StatusOK).Text)
	for _, row := range h.Rows {
		_, about, found := strings.Cut(page, "<code>"+row.Pattern+"</code>")
		about, _, _ = strings.Cut(about, "</tr>")
		if !found || !strings.Contains(about, row.Method+" ") || strings.Contains(about, "<td>\n") {
			t.Errorf("of %s %s it says %q", row.Method, row.Pattern, about)
		}
		for _, rule := range row.Parameters {
			if !strings.Contains(about, "<li>"+rule.Sentence+"</li>") {
				t.Errorf("%s %s: it does not say %s", row.Method, row.Pattern, rule.Sentence)
			}
		}
	}
}

// The form of the page cannot know a path: whatever was typed leads to the form of that
// account here, and nowhere else.
func TestTheIndexLeadsToTheFormOfAnAccount(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t, func(o *testhub.Options) { o.BasePath = "/hub" })
	for query, want := range map[string]string{
		"account=ESPGNU777ORG": "/hub/password/ESPGNU777ORG", "account=+espgnu777org%0D%0A": "/hub/password/espgnu777org",
		"account=%C3%91AND%C3%9A001": "/hub/password/%C3%91AND%C3%9A001", "account=//evil.example/": "/hub/password/%2F%2Fevil.example%2F",
		"account=a%0D%0ASet-Cookie:x": "/hub/password/a%0D%0ASet-Cookie:x", "account=%3Fx%23y": "/hub/password/%3Fx%23y",
	} {
		t.Run(query, func(t *testing.T) {
			a := h.Do(testhub.Nobody, "GET", "/?"+query, "").Want(t, http.StatusSeeOther)
			if got := a.Header.Get("Location"); got != want {
				t.Errorf("%s leads to %s, want %s", query, got, want)
			}
		})
	}
	for _, query := range []string{"", "?account=", "?account=+", "?x=1", "?account"} {
		h.Do(testhub.Nobody, "GET", "/"+query, "").Want(t, http.StatusOK)
	}
}

func TestThePagesSayWhoseHubItIsAndWhomToAsk(t *testing.T) {
	t.Parallel()
	const title, contact = "서울 <중앙> 보건소", "Front desk & co.,\n+34 928 000 000"
	h := testhub.Quick(t, func(o *testhub.Options) { o.Site = web.Site{Title: title, Contact: contact} })
	for path, account := range map[string][]string{
		"/": testhub.Nobody, "/password/" + testhub.Ana[0]: testhub.Ana, "/password/NOBODY": testhub.Root,
	} {
		t.Run(path, func(t *testing.T) {
			page := html.UnescapeString(h.Do(account, "GET", path, "").Text)
			if !strings.Contains(page, title+"</title>") || !strings.Contains(page, contact) {
				t.Errorf("%s: %s", path, page)
			}
		})
	}
	if page := testhub.Quick(t).Do(testhub.Nobody, "GET", "/", "").Text; !strings.Contains(page, "<title>Thalamus</title>") || !strings.Contains(page, "Ask the health institution") {
		t.Errorf("of nobody: %s", page)
	}
}
