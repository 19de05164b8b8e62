// SPDX-License-Identifier: GPL-3.0-or-later

package shell

import (
	"os/exec"
	"testing"
)

func TestAQuotedTextIsOneWordForTheShell(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "plain", "/a/b.c", "two words", "it's", `"$HOME"`, "`id`", "a\nb", "*", "~", "-n", "é", "a&b|c;d"} {
		sh := exec.CommandContext(t.Context(), "sh", "-c", "printf '<%s>' "+Quote(text))
		out, err := sh.Output()
		if want := "<" + text + ">"; err != nil || string(out) != want {
			t.Errorf("%q became %s, %v", text, out, err)
		}
	}
}

func TestAQuotedTextThatCannotBeSeenIsOneWordForBash(t *testing.T) {
	t.Parallel()
	for text, visible := range map[string]bool{"plain": true, "two words": true, "é": true, "a\u200bb": false, "it's\u202e": false, "x\ny": false} {
		t.Run(text, func(t *testing.T) {
			word := QuoteVisible(text)
			if (word == Quote(text)) != visible {
				t.Errorf("%q became %s", text, word)
			}
			bash := exec.CommandContext(t.Context(), "bash", "-c", "printf '<%s>' "+word)
			bash.Env = []string{"LC_ALL=C.UTF-8"}
			out, err := bash.Output()
			if want := "<" + text + ">"; err != nil || string(out) != want {
				t.Errorf("%q became %q, %v", text, out, err)
			}
		})
	}
}
