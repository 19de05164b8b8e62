// SPDX-License-Identifier: GPL-3.0-or-later

package account

import "testing"

func TestAnAccountHasAnIDWithWhichItCanLogIn(t *testing.T) {
	for text, want := range map[string]string{"espgnu777nur": "ESPGNU777NUR", "ESP:NUR": "", ":": "", "a/b": "", "": ""} {
		t.Run(text, func(t *testing.T) {
			id, err := NewID(text)
			if id != want && err == nil || (err == nil) != (want != "") {
				t.Errorf("%q: %q, %v", text, id, err)
			}
		})
	}
}
