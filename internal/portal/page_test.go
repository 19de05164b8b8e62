// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"thalamus/internal/gate"
	"thalamus/internal/portal"
	"thalamus/internal/testhub"
)

// Every answer of the portal is a page or leads to one, keeps out of caches and frames, and has no
// script or style in it.
func TestEveryPageIsStrict(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	inline := regexp.MustCompile(`(?i)<script|<style|\sstyle=|\son[a-z]+=|javascript:`)
	for _, b := range []testhub.Browser{h.SignIn(nobody), h.SignIn(ana), h.SignIn(root)} {
		for _, path := range pagePaths(h) {
			a := b.Get(path)
			if a.StatusCode == http.StatusSeeOther {
				continue
			}
			for name, want := range map[string]string{
				"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Content-Language": "en", "Referrer-Policy": referrerPolicies[strings.HasPrefix(path, "/portal/reset/")],
				"Cross-Origin-Resource-Policy": "same-origin", "X-Content-Type-Options": "nosniff",
				"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			} {
				if got := a.Header.Get(name); got != want {
					t.Errorf("%s, %d: %s is %q, want %q", path, a.StatusCode, name, got, want)
				}
			}
			if found := inline.FindString(a.Text); found != "" {
				t.Errorf("%s has %q in it", path, found)
			}
		}
	}
}

// pagePaths are the paths of all pages, and of some that are not there. A file is no page.
func pagePaths(h *testhub.Hub) []string {
	paths := []string{"/portal/nothing", "/portal/people/x/nothing"}
	for _, row := range h.Pages {
		if row.Method == http.MethodGet && !strings.Contains(row.Pattern, "/static/") && !isFile(row) {
			paths = append(paths, pathOf(h, row))
		}
	}
	return paths
}

// isFile reports whether a browser is given a file, or a document as it is.
func isFile(row gate.Row) bool {
	return strings.Contains(row.Pattern, ".") || strings.HasSuffix(row.Pattern, "/download") || strings.Contains(row.Pattern, "{document}")
}

// Whatever goes wrong is a page with a way on, in every face of the browser's wishes.
func TestAnErrorIsAPageWithAWayOn(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/portal/nothing", 404}, {"POST", "/portal/nothing", 404}, {"PUT", "/portal/", 405}, {"GET", "/portal/sign-out", 405},
		{"GET", "/portal/static/portal-0.css", 404}, {"HEAD", "/portal/nothing", 404},
	} {
		for _, accept := range []string{"text/html", "application/json", "*/*"} {
			a := h.DoWith(nil, c.method, c.path, "", "Cookie", b.Cookie, "Sec-Fetch-Site", "same-origin", "Accept", accept).Want(t, c.status)
			if a.Header.Get("Content-Type") != "text/html; charset=utf-8" {
				t.Errorf("%s %s, %s: %s", c.method, c.path, accept, a.Header.Get("Content-Type"))
			}
			if c.method != "HEAD" && !strings.Contains(a.Text, `<a href="/portal/">`) {
				t.Errorf("%s %s has no way on: %s", c.method, c.path, a.Text)
			}
		}
	}
}

// The language is the one that the browser asks for, until somebody chooses another.
func TestThePageSpeaksTheLanguageThatIsWanted(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	for _, c := range []struct{ wanted, chosen, lang, dir string }{
		{"", "", "en", "ltr"}, {"de-DE,de;q=0.9", "", "en", "ltr"}, {"de,es-MX;q=0.8,en;q=0.5", "", "es", "ltr"}, {"fr-CA", "", "fr", "ltr"},
		{"ar-EG", "", "ar", "rtl"}, {portal.PseudoTag, "", portal.PseudoTag, "rtl"}, {"not a language", "", "en", "ltr"},
		{"es", "ar", "ar", "rtl"}, {"es", "xx", "es", "ltr"}, {"es", "fr", "fr", "ltr"}, {"es", "", "es", "ltr"},
	} {
		b.Post("/portal/language", "language", c.chosen, "next", "/portal/?a=b").Want(t, http.StatusSeeOther)
		a := h.DoWith(nil, "GET", "/portal/", "", "Cookie", b.Cookie, "Accept-Language", c.wanted).Want(t, http.StatusOK)
		if want := `<html lang="` + c.lang + `" dir="` + c.dir + `">`; !strings.Contains(a.Text, want) || a.Header.Get("Content-Language") != c.lang {
			t.Errorf("%q, %q: not %s", c.wanted, c.chosen, want)
		}
	}
}

// A language that is chosen before the sign-in stays.
func TestALanguageMayBeChosenBeforeTheSignIn(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	form := testhub.Browser{Hub: h}.Get("/portal/sign-in?language=es").Want(t, http.StatusOK)
	if !strings.Contains(form.Text, `<html lang="es"`) || !strings.Contains(form.Text, `name="language" value="es"`) {
		t.Errorf("the form does not speak it: %s", form.Text)
	}
	reply := testhub.Browser{Hub: h}.Post("/portal/sign-in", "account", ana[0], "password", ana[1], "language", "es")
	cookie, _, _ := strings.Cut(reply.Header.Get("Set-Cookie"), ";")
	if home := (testhub.Browser{Hub: h, Cookie: cookie}).Get("/portal/"); !strings.Contains(home.Text, `<html lang="es"`) {
		t.Errorf("the home page forgets it: %s", home.Text)
	}
}

// cookieOf gives a cookie that a reply sets.
func cookieOf(t *testing.T, a testhub.Answer, name string) *http.Cookie {
	t.Helper()
	for _, cookie := range a.Cookies() {
		if cookie.Name == name {
			return cookie
		}
	}
	t.Fatalf("%s sets no cookie %s", a.Request.URL.Path, name)
	return nil
}

// The next person at the browser is told nothing by it but the language.
func TestALanguageOutlastsTheSession(t *testing.T) {
	t.Parallel()
	const name = "__Secure-thalamus-language"
	for _, base := range []string{"", "/apps/thalamus"} {
		h := quickHub(t, func(o *testhub.Options) { o.BasePath = base })
		b := h.SignIn(ana)
		chosen := cookieOf(t, b.Post("/portal/language", "language", "ar").Want(t, http.StatusSeeOther), name)
		if !chosen.Secure || !chosen.HttpOnly || chosen.SameSite != http.SameSiteLaxMode || chosen.Path != base+"/portal/" || chosen.Value != "ar" || chosen.MaxAge < 1e7 {
			t.Errorf("the cookie is %s", chosen)
		}
		b.Post("/portal/language", "language", "xx").Want(t, http.StatusSeeOther)
		b.Post("/portal/sign-out").Want(t, http.StatusSeeOther)

		for cookie, want := range map[string]string{name + "=ar": "ar", name + "=xx": "es", name + "=": "es", "": "es"} {
			a := h.DoWith(nil, "GET", "/portal/sign-in", "", "Cookie", cookie, "Accept-Language", "es").Want(t, http.StatusOK)
			if !strings.Contains(a.Text, `<html lang="`+want+`"`) {
				t.Errorf("%q: the sign-in is not in %s", cookie, want)
			}
		}
		if a := h.DoWith(nil, "GET", "/portal/sign-in?language=fr", "", "Cookie", name+"=ar").Want(t, http.StatusOK); !strings.Contains(a.Text, `<html lang="fr"`) {
			t.Error("the language of the link is not the page's")
		}
		signedIn := testhub.Browser{Hub: h}.Post("/portal/sign-in", "account", ana[0], "password", ana[1], "language", "fr").Want(t, http.StatusSeeOther)
		if kept := cookieOf(t, signedIn, name).Value; kept != "fr" {
			t.Errorf("the sign-in keeps %s", kept)
		}
	}
}

// No cookie is set where nothing was chosen, or nothing that is offered.
func TestALanguageThatIsNotChosenIsNotKept(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	for _, a := range []testhub.Answer{
		b.Post("/portal/language", "language", "xx"), b.Get("/portal/"), testhub.Browser{Hub: h}.Get("/portal/sign-in?language=ar"),
		testhub.Browser{Hub: h}.Post("/portal/sign-in", "account", ana[0], "password", ana[1]),
	} {
		if cookies := a.Header.Values("Set-Cookie"); strings.Contains(strings.Join(cookies, " "), "language") {
			t.Errorf("%s %s sets %q", a.Request.Method, a.Request.URL, cookies)
		}
	}
}

// The links to the other languages lead to the page that was asked for, too.
func TestALanguageKeepsThePageThatWasAskedFor(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.BasePath = "/apps/thalamus" })
	for next, want := range map[string]string{
		"/portal/?x=1":          `href="/apps/thalamus/portal/sign-in?language=fr&amp;next=%2Fportal%2F%3Fx%3D1"`,
		"https://evil.example/": `href="/apps/thalamus/portal/sign-in?language=fr&amp;next=%2Fportal%2F"`,
	} {
		form := testhub.Browser{Hub: h}.Get("/portal/sign-in?next="+url.QueryEscape(next)).Want(t, http.StatusOK)
		if !strings.Contains(form.Text, want) {
			t.Errorf("%s: no %s in %s", next, want, form.Text)
		}
	}
}

// A text that is not of the catalogue would be there in English.
func TestEveryPageIsTranslated(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b, administrator := h.SignIn(ana), h.SignIn(root)
	others, markup := regexp.MustCompile(`(<bdi[^>]*>|dir="auto"[^>]*>)[^<]*`), regexp.MustCompile(`<[^>]*>`)
	plain := regexp.MustCompile(`\b[a-z]{3,}\b`)
	for _, cookie := range []string{"", b.Cookie, administrator.Cookie} {
		for _, path := range pagePaths(h) {
			a := h.DoWith(nil, "GET", path, "", "Cookie", cookie, "Accept-Language", portal.PseudoTag)
			text := strings.NewReplacer("lorem", "", "Français", "").Replace(markup.ReplaceAllString(others.ReplaceAllString(a.Text, ">"), " "))
			if found := plain.FindAllString(text, -1); len(found) > 0 {
				t.Errorf("%s says in English: %q", path, found)
			}
		}
	}
}

// The style may be kept for ever: another one has another path.
func TestTheStyleIsFoundWhereThePagesSay(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "/apps/thalamus"} {
		h := quickHub(t, func(o *testhub.Options) { o.BasePath = prefix })
		page := testhub.Browser{Hub: h}.Get("/portal/sign-in").Want(t, http.StatusOK)
		path := regexp.MustCompile(`<link rel="stylesheet" href="([^"]+)">`).FindStringSubmatch(page.Text)
		if path == nil || !strings.HasPrefix(path[1], prefix+"/portal/static/portal-") {
			t.Fatalf("the page has the style %q", path)
		}
		a := h.Do(nil, "GET", path[1], "").Want(t, http.StatusOK)
		if a.Header.Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("the style comes with %v", a.Header)
		}
	}
}

// referrerPolicies are those of pages, and of those whose path is a secret.
var referrerPolicies = map[bool]string{false: "same-origin", true: "strict-origin"}
