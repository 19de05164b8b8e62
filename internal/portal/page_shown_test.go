// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// wantText says what a page lacks.
func wantText(t *testing.T, a testhub.Answer, all ...string) {
	t.Helper()
	for _, want := range all {
		if !strings.Contains(a.Text, want) {
			t.Errorf("%s has no %q: %s", a.Request.URL.Path, want, a.Text)
		}
	}
}

// People read their own pages, and those of others where a role reaches everybody; a page is
// found in the book that has it only.
func TestAPageIsShownToThoseWhoMayReadIt(t *testing.T) {
	t.Parallel()
	h, lines := testhub.Recorded(t)
	const others = "page-of-other-0001"
	for _, c := range []struct {
		account []string
		path    string
		status  int
	}{
		{ana, "/portal/page/" + testhub.BirthPage, 200}, {ana, "/portal/people/" + ana[0] + "/page/" + testhub.BirthPage, 200},
		{ana, "/portal/page/" + others, 404}, {ana, "/portal/people/" + other[0] + "/page/" + others, 403}, {ana, "/portal/people/" + ana[0] + "/page/" + others, 404},
		{other, "/portal/page/" + others, 200}, {other, "/portal/page/" + testhub.BirthPage, 404},
		{cameron, "/portal/people/" + other[0] + "/page/" + others, 200}, {cameron, "/portal/people/" + ana[0] + "/page/" + others, 404}, {cameron, "/portal/page/" + others, 404},
		{root, "/portal/people/" + ana[0] + "/page/" + testhub.BirthPage, 200}, {nobody, "/portal/page/" + testhub.BirthPage, 303},
	} {
		b := h.SignIn(c.account)
		lines.Take()
		a := b.Get(c.path).Want(t, c.status)
		if c.status != 200 && strings.Contains(a.Text, "secret") {
			t.Errorf("%v is told of %s: %s", c.account, c.path, a.Text)
		}
		if got := strings.Join(lines.Take(), ""); c.status != 303 && !strings.Contains(got, `"endpoint":"page"`) {
			t.Errorf("%v, %s: the record says %q", c.account, c.path, got)
		}
	}
}

// Every member of a page is shown, in both schemas, whatever its key and its value are.
func TestAPageHasEverythingOfItsRecord(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	addPage(h, ana[0], "phone", `{"summary": "A visit", "info": "line 1\nline 2", "domain": "medical", "context": "self_monitoring", "page_date": "2024-05-01T10:11:12.5",
		"measurements": [{"bp": {"systolic": 120, "diastolic": 80}}, {"wt": 68.50}, {"nutrition": {"calories": 1800}}, {"hr": "fast"}],
		"genetic_info": {"rsid": "rs1801133", "alleles": ["C", "T"]}, "node": "mygnuhealth", "author": "Ana Betz", "author_acct": "ESPGNU777ORG", "age": "38y", "relevance": "normal",
		"privacy": "private", "fsynced": false, "unheard of": {"a": [{"b": 12345678901234567890.10}]}, "nothing": null, "creation_info": {"user": "ana", "timestamp": "then"}}`)
	addPage(h, ana[0], "hospital", `{"page_type": "social", "social_context": "own", "page_date": "2024-05-01 10:11:12+02:00", "health_condition_text": "Asthma", "health_condition_code": "J45",
		"procedure_text": "Spirometry", "procedure_code": "4A09", "gene": "CFTR", "phenotype": "P1", "natural_variant": "VAR_1", "measurements": "{'t': 36.60}", "node": "HOSPITAL"}`)
	addPage(h, ana[0], "odd", `{"summary": {"a": 1}, "page_date": "last summer", "info": 7, "domain": ["x"]}`)
	b := h.SignIn(ana)
	wantText(t, b.Get("/portal/page/phone").Want(t, 200), "<h1><bdi>A visit</bdi></h1>", "line 1\nline 2", "Medical", "Own measurements", `datetime="2024-05-01T10:11">1 May 2024, 10:11</time>`,
		"time zone not known", "120/80 mmHg", "68.50 kg", "nutrition", "1800", "hr</bdi></dt><dd dir=\"auto\">fast", "These measurements cannot be read.", "rsid</bdi>: ", "rs1801133", "alleles.2</bdi>: ",
		"mygnuhealth", "Ana Betz", "38y", "normal", "private", "fsynced", "false", "unheard of", "a.1.b</bdi>: ", "12345678901234567890.10", "timestamp", "then")
	wantText(t, b.Get("/portal/page/hospital").Want(t, 200), "<h1><bdi>Asthma</bdi></h1>", "Social life", "<bdi>own</bdi>", `datetime="2024-05-01T10:11+02:00"`,
		"10:11 UTC+02:00", "J45", "Spirometry", "4A09", "CFTR", "P1", "VAR_1", "36.60 °C", "HOSPITAL")
	wantText(t, b.Get("/portal/page/odd").Want(t, 200), `{&#34;a&#34;: 1}`, "last summer", ">7<", `[&#34;x&#34;]`)
}

// Dates are written in the language of the reader, values in Latin digits.
func TestAPageSpeaksTheLanguageOfItsReader(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	addPage(h, ana[0], "p", `{"summary": "x", "page_date": "2024-05-01T10:11:12Z", "measurements": [{"bp": {"systolic": 120, "diastolic": 80}}]}`)
	b := h.SignIn(ana)
	for tag, want := range map[string]string{"en": "1 May 2024, 10:11 UTC", "es": "1 de mayo de 2024, 10:11 UTC", "fr": "1 mai 2024, 10:11 UTC", "ar": "1 مايو 2024، 10:11 UTC"} {
		wantText(t, h.DoWith(nil, "GET", "/portal/page/p", "", "Cookie", b.Cookie, "Accept-Language", tag), want, "120/80 mmHg")
	}
}

// Nothing of a record is markup, and nothing of it turns the text around it.
func TestATextOfAPageIsNothingButText(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const attack = `<script>alert(1)</script>`
	long := strings.Repeat("W", 100_000)
	addPage(h, ana[0], `<i>"`, `{"summary": "`+attack+long+`", "info": "`+attack+long+`", "page_date": "`+attack+`", "node": "`+attack+`", "author": "`+attack+`", "domain": "`+attack+`", "`+attack+`": {"`+attack+`": "`+attack+long+`"},
		"measurements": [{"`+attack+`": "`+attack+`"}, {"bp": "`+attack+`"}]}`)
	h.DB.Exec(`UPDATE pols SET data = data || jsonb_build_object('relevance', $1::text) WHERE id LIKE '<i>%'`, attack)
	b := h.SignIn(ana)
	for _, path := range []string{"/portal/page/" + url.PathEscape(`<i>"`), "/portal/book", "/portal/book?q=" + url.QueryEscape(attack)} {
		a := b.Get(path).Want(t, http.StatusOK)
		if strings.Contains(a.Text, "<script") || strings.Contains(a.Text, "<i>") {
			t.Errorf("%s has markup of a record: %.3000s", path, a.Text)
		}
		wantText(t, a, "&lt;script&gt;")
	}
}

// Who changed a page, when and what, is shown to those whose role grants the history.
func TestAPageTellsItsHistory(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(cameron, "POST", "/pols/"+ana[0]+"/p", `{"id": "p", "summary": "Asthma", "relevance": "normal", "node": "HOSPITAL"}`).Want(t, http.StatusCreated)
	h.Do(ana, "PATCH", "/pols/"+ana[0]+"/p", `{"summary": "No asthma", "relevance": null, "own": "x"}`).Want(t, http.StatusOK)
	wantText(t, h.SignIn(ana).Get("/portal/page/p").Want(t, 200), "<b>Written</b>", "Cameron Cordara", "ITAPYT999HON", "HOSPITAL", "<b>Changed</b>",
		`Title: <del dir="auto">Asthma</del> became <ins dir="auto">No asthma</ins>`, `Relevance: <del dir="auto">normal</del> became (nothing)`, `<bdi>own</bdi>: (nothing) became <ins dir="auto">x</ins>`)

	for roles, shown := range map[string]bool{
		`[{"role": "end_user", "global": false, "permissions": {"GET": ["login", "page"]}}]`:            false,
		`[{"role": "end_user", "global": false, "permissions": {"GET": ["login", "page", "history"]}}]`: true,
	} {
		h.SetPolicy(policy(t, roles))
		a := h.SignIn(ana).Get("/portal/page/p").Want(t, 200)
		if got := strings.Contains(a.Text, "No asthma</ins>"); got != shown {
			t.Errorf("%s: shown is %v", roles, got)
		}
		for _, absent := range []string{"Documents of this page", "Correct this page"} {
			if strings.Contains(a.Text, absent) {
				t.Errorf("%s: the page has %q", roles, absent)
			}
		}
	}
}

// A page leads to its documents, to its correction and back to its book.
func TestAPageLeadsOn(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const document = "8789981f-4e31-48d5-8eb8-1774dac8b8f6"
	for path, b := range map[string]testhub.Browser{"/portal/": h.SignIn(ana), "/portal/people/" + ana[0] + "/": h.SignIn(cameron)} {
		wantText(t, b.Get(path+"page/"+testhub.BirthPage).Want(t, 200), `href="`+path+`document/`+testhub.BirthPage+`/`+document+`"><bdi>Picture at birth</bdi>`,
			`href="`+path+`page/`+testhub.BirthPage+`/edit"`, `href="`+path+`book"`)
	}
	wantText(t, h.SignIn(other).Get("/portal/page/page-of-other-0001").Want(t, 200), "<bdi>doc-nobytes</bdi> – cannot be opened")
}
