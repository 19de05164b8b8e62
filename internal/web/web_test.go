// SPDX-License-Identifier: GPL-3.0-or-later

package web

import (
	"regexp"
	"strings"
	"testing"
)

func TestPagesEscapeWhatOthersWrote(t *testing.T) {
	const attack = `"><script>alert(1)</script>`
	site := Site{Title: attack, Contact: attack}
	for name, render := range map[string]func() ([]byte, error){
		"account":      func() ([]byte, error) { return Site{}.PasswordForm(PasswordForm{Account: attack}) },
		"problem":      func() ([]byte, error) { return Site{}.PasswordForm(PasswordForm{Account: "ANA", Problem: attack}) },
		"sentence":     func() ([]byte, error) { return Site{}.Problem(Problem{Title: "Error", Sentence: attack}) },
		"path":         func() ([]byte, error) { return Site{}.Index(Index{Endpoints: []Endpoint{{Path: attack}}}) },
		"site, index":  func() ([]byte, error) { return site.Index(Index{}) },
		"site, form":   func() ([]byte, error) { return site.PasswordForm(PasswordForm{}) },
		"site, error":  func() ([]byte, error) { return site.Problem(Problem{}) },
		"contact only": func() ([]byte, error) { return Site{Contact: attack}.Index(Index{}) },
	} {
		page, err := render()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}

		if strings.Contains(string(page), "<script>") || !strings.Contains(string(page), "&lt;script&gt;") {
			t.Errorf("%s is not escaped:\n%s", name, page)
		}
	}
}

// A style sheet that differs from its hash by one byte is not applied.
func TestThePolicyAllowsTheStyleSheetAsItIsSent(t *testing.T) {
	page, err := Site{}.Index(Index{})
	if err != nil {
		t.Fatal(err)
	}

	sent := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindSubmatch(page)
	if sent == nil || !strings.Contains(Policy, digest(string(sent[1]))) {
		t.Errorf("policy %s does not allow the style sheet of\n%s", Policy, page)
	}
}

func TestProseShowsWordsOfCodeAndNothingElseOfAText(t *testing.T) {
	want := `a &lt;b&gt; <code>c &amp; &lt;d</code> e <code></code>`
	if got := prose("a <b> `c & <d` e ``"); string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
