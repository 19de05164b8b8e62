// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark/ast"
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

// inSpanish are the pages that are in Spanish, too.
var inSpanish = map[string]string{"first-day": "primer-dia", "portal": "el-portal", "patients": "pacientes", "professionals": "profesionales", "administrators": "administracion"}

// What is added to a page, or taken from it, has to be in the other one. Names in code are the same in
// every language.
func TestAPageInSpanishHasTheSectionsAndNamesOfTheEnglishOne(t *testing.T) {
	t.Parallel()
	for english, spanish := range inSpanish {
		t.Run(spanish, func(t *testing.T) {
			t.Parallel()
			want, got := outline(t, english), outline(t, spanish)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-English +Spanish)\n%s", diff)
			}
		})
	}
}

// outline is the levels of the headings of a page, and the names in its code.
func outline(t *testing.T, name string) (lines []string) {
	t.Helper()
	topic, found := Find(name)
	if !found {
		t.Fatalf("there is no page %s", name)
	}
	p := topic.parse()
	names := map[string]bool{}
	for _, code := range all[*ast.CodeSpan](p.root) {
		names[p.plain(code)] = true
	}
	for _, h := range all[*ast.Heading](p.root) {
		lines = append(lines, strings.Repeat("#", h.Level))
	}
	return append(lines, slices.Sorted(maps.Keys(names))...)
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
