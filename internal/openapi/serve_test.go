// SPDX-License-Identifier: GPL-3.0-or-later

package openapi_test

import (
	"flag"
	"net/netip"
	"os"
	"testing"

	"thalamus/internal/testhub"
)

var file = flag.String("document", "", "where to write the document, for other programs that look at it")

func TestTheDocumentIsOpenAPIOfThisHub(t *testing.T) {
	t.Parallel()
	shared := func(o *testhub.Options) { o.BasePath = "/apps/hub" }
	proxied := func(o *testhub.Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }
	for _, c := range []struct {
		change    func(*testhub.Options)
		forwarded string
		server    string
	}{
		{func(*testhub.Options) {}, "", "/"}, {func(*testhub.Options) {}, "/elsewhere", "/"},
		{shared, "", "/apps/hub/"}, {proxied, "/a-b/c", "/a-b/c/"},
	} {
		d := served(t, testhub.Quick(t, c.change), "/openapi.json", "X-Forwarded-Prefix", c.forwarded)
		if d.OpenAPI != "3.1.0" || len(d.Servers) != 1 || d.Servers[0].URL != c.server {
			t.Errorf("OpenAPI %s at %v, want %s", d.OpenAPI, d.Servers, c.server)
		}
	}
}

func TestTheDocumentIsOpenAPIThatOthersCanRead(t *testing.T) {
	t.Parallel()
	text := testhub.Quick(t).Do(testhub.Nobody, "GET", "/openapi.json", "").Want(t, 200).Text
	if _, err := testhub.NewContract([]byte(text)); err != nil {
		t.Error(err)
	}

	if *file == "" {
		return
	}
	if err := os.WriteFile(*file, []byte(text), 0o644); err != nil {
		t.Error(err)
	}
}

func TestAClientThatHasTheDocumentGetsItNotAgain(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	first := h.Do(testhub.Nobody, "GET", "/openapi.json", "").Want(t, 200)
	tag := first.Header.Get("ETag")
	if len(tag) < 10 || first.Header.Get("Cache-Control") != "no-cache" || first.Header.Get("Content-Type") != "application/json" {
		t.Errorf("ETag %s, Cache-Control %q, %s", tag, first.Header.Get("Cache-Control"), first.Header.Get("Content-Type"))
	}

	for header, status := range map[string]int{tag: 304, "W/" + tag: 304, `"1", ` + tag: 304, `"1"`: 200, "": 200} {
		a := h.DoWith(testhub.Nobody, "GET", "/openapi.json", "", "If-None-Match", header).Want(t, status)
		if (a.Text == "") != (status == 304) || a.Header.Get("ETag") != tag {
			t.Errorf("%s: %d bytes, ETag %s", header, len(a.Text), a.Header.Get("ETag"))
		}
	}

	other := testhub.Quick(t, func(o *testhub.Options) { o.SearchFields = []string{"profession"} })
	other.DoWith(testhub.Nobody, "GET", "/openapi.json", "", "If-None-Match", tag).Want(t, 200)
}
