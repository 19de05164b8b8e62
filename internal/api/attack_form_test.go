// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testbrowser"
)

// forms are what a page can send to another site without any script, to these
// paths.
var forms = []struct{ path, form string }{
	{"/password/FRAOTH001EUS", `<form method=post action="%"><input name=password value=taken-over><input name=pconfirm value=taken-over></form>`},
	{"/password/FRAOTH001EUS", `<form method=post enctype=text/plain action="%"><input name=password value=taken-over></form>`},
	{"/people/NEW", `<form method=post enctype=text/plain action="%"><input name='{"name":"x","a":"' value='"}'></form>`},
	{"/pols/ESPGNU777ORG/new", `<form method=post enctype=text/plain action="%"><input name='{"id":"new","a":"' value='"}'></form>`},
	{"/institutions/new", `<form method=post enctype=text/plain action="%"><input name='{"a":"' value='"}'></form>`},
	{birthDocs, `<form method=post enctype=multipart/form-data action="%"><input name=document value=bytes></form>`},
	{birthDocs, `<form method=post enctype=text/plain action="%"><input name=document value=bytes></form>`},
}

func TestAFormOnAnotherSiteWritesNothingWithRememberedCredentials(t *testing.T) {
	t.Parallel()
	h, b := quickHub(t), openTab(t)
	before := h.everything()
	address, requests := spyOn(h)
	for _, host := range hosts {
		hub := strings.Replace(address, "127.0.0.1", host, 1)
		b.loginAt(hub, requests)
		for _, f := range forms {
			evil := testbrowser.ServePage(t, "<!DOCTYPE html>"+strings.ReplaceAll(f.form, "%", hub+f.path))
			b.Goto(evil.URL, http.StatusOK)
			_, err := chromedp.RunResponse(b, chromedp.Submit(chromedp.CSS("form")))
			b.Check(err)
			want := spied{http.MethodPost, f.path, http.StatusForbidden, true}
			if got := b.next(requests); got != want {
				t.Errorf("%s: %s arrived as %v, want %v", host, f.form, got, want)
			}
		}
	}
	if diff := cmp.Diff(before, h.everything()); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
}
