// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// placeholders are those of a text, sorted: a language may name them in another order.
func placeholders(text string) []string {
	return slices.Sorted(slices.Values(placeholder.FindAllString(text, -1)))
}

func TestEveryLanguageHasTheTextsOfEnglish(t *testing.T) {
	english := offered[0].texts
	for _, c := range offered[1:] {
		if diff := cmp.Diff(slices.Sorted(maps.Keys(english)), slices.Sorted(maps.Keys(c.texts))); diff != "" {
			t.Errorf("%s has other keys (-en +%s):\n%s", c.Tag, c.Tag, diff)
		}
		for key, text := range c.texts {
			if diff := cmp.Diff(placeholders(english[key]), placeholders(text)); diff != "" {
				t.Errorf("%s: %s has other placeholders:\n%s", c.Tag, key, diff)
			}
			if strings.TrimSpace(text) != text || text == "" {
				t.Errorf("%s: %s is %q", c.Tag, key, text)
			}
		}
	}
}

// A text that is the same in two languages was forgotten, but for words that they share.
func TestNoTextWasLeftInEnglish(t *testing.T) {
	shared := []string{"language.direction", "date.day", "date.month", "date.moment", "form.other_value", "page.title"}
	for _, c := range offered[1:] {
		for key, text := range c.texts {
			if text == offered[0].texts[key] && len(text) > len("Pages") && !slices.Contains(shared, key) {
				t.Errorf("%s: %s is %q, as in English", c.Tag, key, text)
			}
		}
	}
}

// quotedKey is a key of the catalogue in a source or a template: words with dots between them.
var quotedKey = regexp.MustCompile(`["` + "`" + `]([a-z0-9_]+(?:\.[a-z0-9_]+)+)["` + "`" + `]`)

func TestTheSourcesNameTheTextsThatThereAre(t *testing.T) {
	var named []string
	for _, pattern := range []string{"*.go", "templates/*.html"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range quotedKey.FindAllStringSubmatch(string(text), -1) {
				named = append(named, found[1])
			}
		}
	}

	topics := map[string]bool{}
	for key := range offered[0].texts {
		topics[strings.Split(key, ".")[0]] = true
		if !slices.Contains(named, key) {
			t.Errorf("nothing names the text %s", key)
		}
	}
	for _, key := range named {
		if _, ok := offered[0].texts[key]; !ok && topics[strings.Split(key, ".")[0]] {
			t.Errorf("there is no text %s", key)
		}
	}
}

func TestValuesOfATextAreEscapedAndIsolated(t *testing.T) {
	l := &language{catalogue: catalogue{Tag: "en", texts: map[string]string{"a.b": "<{x}> & {y}"}}}
	got, err := l.text("a.b", "x", "<b>{y}", "y", 7)
	if want := "&lt;<bdi>&lt;b&gt;{y}</bdi>&gt; &amp; <bdi>7</bdi>"; string(got) != want || err != nil {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	for _, values := range [][]any{nil, {"x", 1}, {"x", 1, "z", 2}} {
		if got, err := l.text("a.b", values...); err == nil {
			t.Errorf("%v gives %q", values, got)
		}
	}
	if got, err := l.text("a.c"); err == nil {
		t.Errorf("a missing text is %q", got)
	}
}
