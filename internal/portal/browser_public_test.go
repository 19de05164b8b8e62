// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import "testing"

// What holds for the portal's pages holds for the start page and the manual, which need no sign-in.
func TestNoPageForEverybodyHasABarrier(t *testing.T) {
	t.Parallel()
	script := axe(t)
	b := openTab(t, quickHub(t))
	b.visit("/docs/")
	paths := eval[[]string](b, `[...document.querySelectorAll("main a")].map(a => a.pathname).filter(p => !p.endsWith(".json"))`)
	if len(paths) == 0 {
		t.Error("the manual has no pages")
	}
	for _, path := range append(paths, "/", "/docs/", "/docs/?q=database", "/docs/nothing") {
		b.visit(path)
		b.wantNoBarrier(script, path)
	}
}
