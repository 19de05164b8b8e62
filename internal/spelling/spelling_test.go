// SPDX-License-Identifier: GPL-3.0-or-later

package spelling

import "testing"

func TestTheNearestWordHasAtMostTwoErrors(t *testing.T) {
	t.Parallel()
	words := []string{"migrate", "restore", "roles", "role", "gc", "año"}
	for misspelt, want := range map[string]string{
		"migrate": "migrate", "migarte": "migrate", "migrat": "migrate", "mirgat": "migrate", "mgrt": "", "imgirtae": "",
		"rolse": "roles", "rols": "roles", "rolex": "roles", "role": "role", "rle": "role",
		"x": "", "gd": "", "g": "", "": "", "ano": "año",
	} {
		t.Run(misspelt, func(t *testing.T) {
			if got := Nearest(misspelt, words); got != want {
				t.Errorf("%q is near %q, not %q", misspelt, got, want)
			}
		})
	}
}
