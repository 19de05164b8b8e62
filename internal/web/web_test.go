// SPDX-License-Identifier: GPL-3.0-or-later

package web

import (
	"regexp"
	"strings"
	"testing"
)

func TestPagesEscapeWhatOthersWrote(t *testing.T) {
	const attack = `"><script>alert(1)</script>`
	for name, render := range map[string]func() ([]byte, error){
		"account":  func() ([]byte, error) { return PasswordForm(attack, "") },
		"problem":  func() ([]byte, error) { return PasswordForm("ANA", attack) },
		"sentence": func() ([]byte, error) { return Problem("Error", attack) },
		"path":     func() ([]byte, error) { return Index("1", "", []Endpoint{{Path: attack}}) },
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
	page, err := Index("1", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	sent := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindSubmatch(page)
	if sent == nil || !strings.Contains(Policy, digest(string(sent[1]))) {
		t.Errorf("policy %s does not allow the style sheet of\n%s", Policy, page)
	}
}
