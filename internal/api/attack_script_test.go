// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testbrowser"
)

// Requests that a script on another site can try, as arguments of fetch: without a
// preflight, and with one.
const simpleFetches = `[
	["/people/NEW", {method: "POST", mode: "no-cors", body: "{}"}],
	["/people/NEW", {method: "POST", mode: "no-cors", body: new Blob(["{}"])}],
	["/institutions/new", {method: "POST", body: new URLSearchParams({a: 1})}],
	["%docs", {method: "POST", mode: "no-cors", body: "bytes"}],
	["%docs", {method: "POST", mode: "no-cors", body: new Blob(["bytes"])}],
]`

const preflightedFetches = `[
	["/people/NEW", {method: "POST", body: "{}", headers: {"Content-Type": "application/json"}}],
	["/people/ESPGNU777ORG", {method: "PATCH", body: "{}"}],
	["/institutions/INST1", {method: "DELETE"}],
	["%docs", {method: "POST", body: new Blob(["<html>"], {type: "text/html"})}],
	["%docs", {method: "POST", body: "bytes", headers: {"Content-Disposition": "attachment"}}],
]`

// outcomes runs fetches one after another with the browser's credentials, and
// gives what the script learns of each.
func (b tab) outcomes(hub, fetches string) []string {
	b.T.Helper()
	return eval[[]string](b, fmt.Sprintf(`(async () => {
		const learned = [];
		for (const [path, options] of %s)
			await fetch(%q + path, {credentials: "include", ...options})
				.then(r => learned.push(r.type + r.status), () => learned.push("error"));
		return learned;
	})()`, strings.ReplaceAll(fetches, "%docs", birthDocs), hub))
}

func TestAScriptOnAnotherSiteWritesNothingWithRememberedCredentials(t *testing.T) {
	t.Parallel()
	h, b := quickHub(t), openTab(t)
	before := h.everything()
	address, requests := spyOn(h)
	evil := testbrowser.ServePage(t, "<!DOCTYPE html>")
	for _, host := range hosts {
		hub := strings.Replace(address, "127.0.0.1", host, 1)
		b.loginAt(hub, requests)
		b.Goto(evil.URL, http.StatusOK)
		for _, learned := range b.outcomes(hub, simpleFetches) {
			got := b.next(requests)
			if got.status != http.StatusForbidden || got.method != http.MethodPost || host == sameSite && !got.authorized {
				t.Errorf("%s: arrived as %v, and the script learns %s", host, got, learned)
			}
		}
		for _, learned := range b.outcomes(hub, preflightedFetches) {
			if got := b.next(requests); got.method != http.MethodOptions || learned != "error" {
				t.Errorf("%s: arrived as %v, and the script learns %s", host, got, learned)
			}
		}
	}
	if diff := cmp.Diff(before, h.everything()); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
}

func TestAScriptOnAnotherSiteReadsNothingWithRememberedCredentials(t *testing.T) {
	t.Parallel()
	h, b := quickHub(t), openTab(t)
	address, requests := spyOn(h)
	evil := testbrowser.ServePage(t, "<!DOCTYPE html>")
	for _, host := range hosts {
		hub := strings.Replace(address, "127.0.0.1", host, 1)
		b.loginAt(hub, requests)
		b.Goto(evil.URL, http.StatusOK)
		fetches := `[["/people", {}], ["/people/ESPGNU777ORG", {}], ["%docs", {}], ["/password/ESPGNU777ORG", {}]]`
		for _, learned := range b.outcomes(hub, fetches) {
			got := b.next(requests)
			if learned != "error" || got.method != http.MethodGet || host == sameSite && (got.status != http.StatusOK || !got.authorized) {
				t.Errorf("%s: arrived as %v, and the script learns %s", host, got, learned)
			}
		}
	}
}
