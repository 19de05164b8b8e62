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

// A fragment is written anew once, wherever it stands.
func TestAFragmentIsTheSameWhereverItStands(t *testing.T) {
	var w writer
	var kept fragment
	for range 2 {
		for _, before := range []string{"", "a"} {
			w.object("", func() {
				w.code("before", before)
				w.once(&kept, func() {
					w.code("x", "1")
					w.code("y", "2")
				})
			})
		}
	}
	if want := `{"x":"1","y":"2"},{"before":"a","x":"1","y":"2"},{"x":"1","y":"2"},{"before":"a","x":"1","y":"2"}`; string(w.json) != want {
		t.Errorf("%s, want %s", w.json, want)
	}

	w, kept = writer{}, nil
	w.object("", func() {
		w.code("before", "a")
		w.once(&kept, func() { w.code("x", "1") })
	})
	if string(kept) != `"x":"1"` {
		t.Errorf("%s is kept", kept)
	}
}
