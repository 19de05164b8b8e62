// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"testing"

	"thalamus/internal/testbrowser"
)

// tab is a page of a real browser, which somebody has logged in with.
type tab struct{ testbrowser.Tab }

func openTab(t testing.TB) tab {
	t.Helper()
	return tab{testbrowser.Open(t)}
}

// eval runs a script in the page that is shown.
func eval[T any](b tab, script string) T {
	b.T.Helper()
	return testbrowser.Eval[T](b.Tab, script)
}
