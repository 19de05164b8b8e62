// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"thalamus/internal/gate"
)

// fuzzForm is a form that a page has shown.
type fuzzForm struct {
	target string // path and query
	fields url.Values
}

// The parts of a page that later requests use.
var (
	formText   = regexp.MustCompile(`(?s)<form method="post"[^>]* action="([^"]*)".*?</form>`)
	fieldText  = regexp.MustCompile(`<(?:input|select|textarea|button)[^>]* name="([^"]*)"(?:[^>]* value="([^"]*)")?`)
	optionText = regexp.MustCompile(`<option value="([^"]*)"`)
	hrefText   = regexp.MustCompile(` href="(/[^"]*)"`)
)

// isOfPages reports whether a target is answered to browsers, which have a session.
func isOfPages(target string) bool { return strings.HasPrefix(target, gate.PortalPath) }

// signIn gives an account a session, if its password is right. FUZZSMALL is nobody until a request makes
// somebody of it.
func (w *fuzzWorld) signIn(as fuzzCaller) {
	reply := w.send(fuzzRequest{
		as: fuzzCaller{title: "nobody"}, method: http.MethodPost, target: "/portal/sign-in",
		headers: []string{"Content-Type", sentForm, "Sec-Fetch-Site", "same-origin"},
		body:    url.Values{"account": {as.id}, "password": {as.password}}.Encode(),
	})
	if as.id != "FUZZSMALL" && (reply.err != nil || reply.StatusCode != http.StatusSeeOther) {
		w.T.Fatalf("%s did not sign in: %v %d", as.title, reply.err, reply.StatusCode)
	}
	for _, cookie := range reply.Cookies() {
		w.sessions[as.id] = cookie.Name + "=" + cookie.Value
	}
}

// sentForm is the type of forms without files.
const sentForm = "application/x-www-form-urlencoded"

// submit makes a request of a form: mostly one that a page has shown, else of fields that any page
// has shown. Nobody has to tell the fuzzer of a new form.
func (w *fuzzWorld) submit(c *chance, r *fuzzRequest) {
	fields := url.Values{}
	if len(w.forms) > 0 && !c.oneIn(4) {
		shown := pick(c, w.forms...)
		r.target = shown.target
		for name, values := range shown.fields {
			fields[name] = slices.Clone(values)
		}
	}
	for c.oneIn(2) && len(w.fields) > 0 {
		name := pick(c, w.fields...)
		fields.Set(name, w.formValue(c, name, r.as))
	}
	if strings.HasPrefix(r.target, "/portal/sign-in") && c.oneIn(2) {
		fields.Set("account", r.as.id)
		fields.Set("password", r.as.password)
	}

	r.body = fields.Encode()
	r.headers = append(r.headers, "Content-Type", sentForm)
	if !c.oneIn(10) {
		r.headers = append(r.headers, "Sec-Fetch-Site", "same-origin")
	}
}

// formValue is what somebody types into a field. A password stands only where one belongs.
func (w *fuzzWorld) formValue(c *chance, name string, as fuzzCaller) string {
	if strings.Contains(name, "password") || strings.Contains(name, "confirm") {
		return pick(c, as.password, fuzzOtherPassword, fuzzOtherPassword, "short", "password", "")
	}
	if len(w.options) > 0 && c.oneIn(3) {
		return pick(c, w.options...)
	}
	return pick(c, "", "one", "72", "-1", "1e9", "120/80", "2024-05-01", "2024-05-01T10:11", "31/12/2024", as.id,
		"FUZZED000", "page-of-FUZZED000", "end_user", "root", "on", "true", "\x00", "\xff", "\u202e<b>&", strings.Repeat("long ", 2000), string(c.some(20)))
}

// learnPage keeps forms, fields and links of a page.
func (w *fuzzWorld) learnPage(text string) {
	for _, link := range hrefText.FindAllStringSubmatch(text, -1) {
		w.keep(&w.targets, html.UnescapeString(link[1]))
	}
	for _, option := range optionText.FindAllStringSubmatch(text, -1) {
		w.keep(&w.options, html.UnescapeString(option[1]))
	}
	for _, form := range formText.FindAllStringSubmatch(text, -1) {
		w.learnForm(html.UnescapeString(form[1]), form[0])
	}
}

// learnForm keeps a form. No marker gets into it.
func (w *fuzzWorld) learnForm(target, text string) {
	shown := fuzzForm{target, url.Values{}}
	for _, field := range fieldText.FindAllStringSubmatch(text, -1) {
		name, value := html.UnescapeString(field[1]), html.UnescapeString(field[2])
		if w.marked(value) {
			value = "one"
		}
		shown.fields.Add(name, value)
		if !slices.Contains(w.fields, name) {
			w.fields = append(w.fields, name)
		}
	}

	w.forms = append(w.forms, shown)
	if len(w.forms) > mostLearned {
		w.forms = w.forms[1:]
	}
}
