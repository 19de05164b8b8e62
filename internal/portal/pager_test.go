// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// MQ and MR are the same bytes to a lenient decoder, but a pager writes the first only.
func TestAPlaceThatNoPagerWroteIsInvalid(t *testing.T) {
	t.Parallel()
	anything := func(text string) (key string, ok bool) { return text, text != "no key" }
	for place, want := range map[string]string{
		"MQ": "1", "w6k": "é", "": "", "MR": "", "MQ==": "", "M": "", "M Q": "", "bm8ga2V5": "", "AA": "", "_w": "",
	} {
		var part store.Keyset[string]
		err := readAfter(place, anything, &part)
		isWrong := place != "" && want == ""
		if (fed.KindOf(err) == fed.Invalid) != isWrong || (part.After != nil) != (want != "") {
			t.Errorf("%q: %v, behind %v", place, err, part.After)
		}
		if part.After != nil && *part.After != want {
			t.Errorf("%q is behind %q, want %q", place, *part.After, want)
		}
	}
}
