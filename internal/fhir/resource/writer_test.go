// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import "testing"

func TestNothingEmptyIsWritten(t *testing.T) {
	var w writer
	w.object("", func() {
		w.text("text", " \t\u00a0")
		w.code("code", "")
		w.object("object", func() { w.list("list", func() { w.object("", func() {}) }) })
		w.concept("concept", nil, "")
		w.text("kept", " a\u00a0b\u2028\x00\u007f\n")
		w.number("number", "68.50")
		w.bool("bool", false)
		w.list("list", func() {
			w.text("", "")
			w.text("", "é")
			w.text("", "<")
		})
	})
	if want := `{"kept":"a b ` + "\ufffd\ufffd" + `","number":68.50,"bool":false,"list":["é","<"]}`; string(w.json) != want {
		t.Errorf("%s, want %s", w.json, want)
	}
}
