// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var hostBlock = regexp.MustCompile("(?ms)^```host\n(.*?)^```$")

func TestTheFirstDayHasTheSameCommandsInSpanish(t *testing.T) {
	t.Parallel()
	english, _ := Find("first-day")
	spanish, _ := Find("primer-dia")
	want := hostBlock.FindAllString(english.Body, -1)
	if diff := cmp.Diff(want, hostBlock.FindAllString(spanish.Body, -1)); diff != "" || len(want) == 0 {
		t.Errorf("(-English +Spanish)\n%s", diff)
	}
}

// A screen reader changes its voice.
func TestASpanishPageSaysThatItIs(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"primer-dia": "es", "first-day": ""} {
		topic, _ := Find(name)
		if got := topic.page().Lang; got != want {
			t.Errorf("the language of %s is %q", name, got)
		}
	}
}
