// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"testing"

	"thalamus/internal/portal"
)

func TestNextLeadsToThePortalAlone(t *testing.T) {
	const home = "/portal/"
	for text, want := range map[string]string{
		"/portal/book?after=x&kind=a%20b": "/portal/book?after=x&kind=a%20b", "/portal/": home, "/portal/people/A%2FB/book": "/portal/people/A%2FB/book",
		"/portal/people/%C3%B1": "/portal/people/%C3%B1", "/portal/x#y": "/portal/x",

		"": home, "/portal": home, "/": home, "/people/ESPGNU777ORG": home, "portal/x": home, "/portalx/": home, "/PORTAL/x": home,
		"//evil.example/portal/": home, "https://evil.example/portal/": home, "///portal/x": home, "javascript:alert(1)": home, "mailto:/portal/": home,
		`/\evil.example/portal/`: home, `\/portal/`: home, `/portal/\..\..\people`: home, "/portal/%5c..%5cpeople": home,
		"/portal/../people/x": home, "/portal/%2e%2e/people": home, "/portal/x/../y": home, "/portal//evil.example": home, "/portal/.": home,
		"/portal/\tx": home, "/portal/x\nSet-Cookie: a": home, "/portal/%zz": home, " /portal/x": home, "/portal/x\x00": home,
	} {
		if got := portal.ReadNext(text); got != want {
			t.Errorf("%q leads to %q, want %q", text, got, want)
		}
	}
}
