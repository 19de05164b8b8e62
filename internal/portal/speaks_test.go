// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// Every page speaks each language and its direction, has all its texts, and writes numbers as
// instruments show them.
func TestEveryPageSpeaksEachLanguage(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`UPDATE pols SET data = data || '{"measurements": [{"bp": {"systolic": 127, "diastolic": 81}, "wt": 71.5}]}' WHERE book = $1`, ana[0])
	left := regexp.MustCompile(`[a-z_]+\.[a-z_]+_?[a-z]*</|\{[a-z_]+\}|%!|&lt;no value|<no value>`)
	digits := regexp.MustCompile(`[\x{0660}-\x{0669}\x{06F0}-\x{06F9}\x{0966}-\x{096F}]`)
	b, administrator, professional := h.SignIn(ana), h.SignIn(root), h.SignIn(cameron)
	for language, direction := range map[string]string{"en": "ltr", "es": "ltr", "fr": "ltr", "ar": "rtl"} {
		read := false
		for _, path := range pagePaths(h) {
			reader := b
			if strings.HasPrefix(path, "/portal/admin/") {
				reader = administrator
			}
			if strings.HasSuffix(path, "/emergency") {
				reader = professional
			}
			a := h.DoWith(nil, "GET", path, "", "Cookie", reader.Cookie, "Accept-Language", language)
			if a.StatusCode == http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
				continue
			}
			if want := `<html lang="` + language + `" dir="` + direction + `">`; !strings.Contains(a.Text, want) || a.Header.Get("Content-Language") != language {
				t.Errorf("%s is not in %s", path, want)
			}
			if found := left.FindString(a.Text); found != "" {
				t.Errorf("%s in %s lacks a text: %q", path, language, found)
			}
			if found := digits.FindString(a.Text); found != "" {
				t.Errorf("%s in %s has the digit %q", path, language, found)
			}
			read = read || strings.Contains(a.Text, "127/81") && strings.Contains(a.Text, "71.5")
		}
		if !read {
			t.Errorf("no page in %s has the measurements", language)
		}
	}
}
