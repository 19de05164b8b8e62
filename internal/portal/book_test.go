// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

var entryTitle = regexp.MustCompile(`(?s)<li>\n<a dir="auto" href="[^"]+">(?:<bdi>)?(.*?)(?:</bdi>)?</a>`)

// titles are those of the entries of a book.
func titles(a testhub.Answer) (all []string) {
	for _, found := range entryTitle.FindAllStringSubmatch(a.Text, -1) {
		all = append(all, found[1])
	}
	return all
}

// href finds the link with this relation.
func href(a testhub.Answer, relation string) string {
	found := regexp.MustCompile(`rel="` + relation + `" href="([^"]+)"`).FindStringSubmatch(a.Text)
	if found == nil {
		return ""
	}
	return strings.ReplaceAll(found[1], "&amp;", "&")
}

func addPage(h *testhub.Hub, book, id, data string) {
	h.DB.Exec(`INSERT INTO pols (id, book, data) VALUES ($2::text, $1, $3::jsonb || jsonb_build_object('id', $2::text))`, book, id, data)
}

// People read their own books, and those of others where a role reaches everybody.
func TestABookIsShownToThoseWhoMayReadIt(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, c := range []struct {
		account []string
		path    string
		status  int
		summary string
	}{
		{ana, "/portal/book", 200, "Birth Certificate"}, {other, "/portal/book", 200, "secret of other"},
		{ana, "/portal/people/" + ana[0] + "/book", 200, "Birth Certificate"}, {ana, "/portal/people/" + other[0] + "/book", 403, ""},
		{cameron, "/portal/people/" + ana[0] + "/book", 200, "Birth Certificate"}, {cameron, "/portal/people/" + testhub.Small(other) + "/book", 200, "secret of other"},
		{root, "/portal/people/" + other[0] + "/book", 200, "secret of other"}, {root, "/portal/people/NOBODY/book", 404, ""},
		{nobody, "/portal/book", 303, ""}, {nobody, "/portal/people/" + ana[0] + "/book", 303, ""},
	} {
		a := h.SignIn(c.account).Get(c.path).Want(t, c.status)
		if found := slices.Contains(titles(a), c.summary); found != (c.summary != "") {
			t.Errorf("%v sees at %s: %q", c.account, c.path, titles(a))
		}
		if c.status != 200 && strings.Contains(a.Text, "secret") {
			t.Errorf("%v is refused with %s", c.account, a.Text)
		}
	}
}

// The newest page is first, those without a date are last.
func TestABookIsReadInParts(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO pols (id, book, data) SELECT 'p' || n, $1, jsonb_build_object('summary', 'page ' || n, 'domain', 'lifestyle', 'page_date',
		to_char(timestamp '2024-01-01' + n * interval '1 hour', 'YYYY-MM-DD HH24:MI:SS')) FROM generate_series(1, 60) AS n`, ana[0])
	b := h.SignIn(ana)

	var want, got []string
	for n := 60; n > 0; n-- {
		want = append(want, fmt.Sprint("page ", n))
	}
	want = append(want, "Birth Certificate", "Birth", "Page without a title")
	path := "/portal/book"
	for parts := 1; path != ""; parts++ {
		a := b.Get(path).Want(t, http.StatusOK)
		if first := href(a, "first"); (first == "/portal/book") != (parts > 1) {
			t.Errorf("part %d leads back to %q", parts, first)
		}
		if n := len(titles(a)); n != 25 && path != "" && parts < 3 {
			t.Errorf("part %d has %d pages", parts, n)
		}
		got, path = append(got, titles(a)...), href(a, "next")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	a := b.Get(href(b.Get("/portal/book?kind=lifestyle&q=PAGE&from=2024-01-01&to=").Want(t, http.StatusOK), "next"))
	next, err := url.Parse(href(a, "next"))
	if err != nil || next.Query().Get("kind") != "lifestyle" || next.Query().Get("q") != "PAGE" || next.Query().Get("from") != "2024-01-01" {
		t.Errorf("the pager leads to %v, %v", next, err)
	}
	if first := href(a, "first"); first != "/portal/book?from=2024-01-01&kind=lifestyle&q=PAGE" {
		t.Errorf("the pager leads back to %s", first)
	}
	for _, after := range []string{"x", "!", "AA", "eA", "MSAAYQ"} {
		b.Get("/portal/book?after="+after).Want(t, http.StatusUnprocessableEntity)
	}
}

// Both schemas of pages are found by the same words of a person.
func TestABookIsFiltered(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	addPage(h, ana[0], "phone", `{"summary": "phone", "domain": "medical", "context": "encounter", "info": "Crise d’asthme à l’ÉCOLE", "page_date": "2024-05-01T23:30:00"}`)
	addPage(h, ana[0], "hospital", `{"summary": "hospital", "page_type": "medical", "medical_context": "encounter", "health_condition_text": "Asthma école", "page_date": "2024-05-03T00:00:00Z"}`)
	addPage(h, ana[0], "social", `{"summary": "social", "page_type": "social", "social_context": "own_word", "genetic_info": {"rs": "rs1801133"}, "page_date": "2023-01-01"}`)
	b := h.SignIn(ana)
	for query, want := range map[string][]string{
		"kind=encounter":                {"hospital", "phone"},
		"kind=medical":                  {"hospital", "phone", "Birth"},
		"kind=own_word":                 {"social"},
		"kind=nothing":                  nil,
		"q=ecole":                       {"hospital", "phone"},
		"q=ASTHM+École":                 {"hospital", "phone"},
		"q=asthma":                      {"hospital"},
		"q=rs1801133":                   {"social"},
		"q=summary":                     nil,
		"q=%25":                         nil,
		"q=%21%21":                      nil,
		"q=phone&kind=social":           nil,
		"from=2024-05-01&to=2024-05-01": {"phone"},
		"from=2024-05-02":               {"hospital"},
		"to=2023-12-31":                 {"social", "Birth Certificate", "Birth"},
		"q=&kind=&from=&to=&x=y":        {"hospital", "phone", "social", "Birth Certificate", "Birth", "Page without a title"},
	} {
		got := slices.DeleteFunc(titles(b.Get("/portal/book?"+query).Want(t, http.StatusOK)), func(title string) bool {
			return title == "Page without a title" && !strings.Contains(query, "x=y")
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
}

// A form keeps what was typed, and says what cannot be understood.
func TestTheFilterKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	b := quickHub(t).SignIn(ana)
	good := b.Get("/portal/book?q=%22%3E%3Cb%3E&kind=birth&from=1980-01-01&to=1990-01-01").Want(t, http.StatusOK)
	for _, want := range []string{`value="&#34;&gt;&lt;b&gt;"`, `<option value="birth" selected>`, `value="1980-01-01"`, `value="1990-01-01"`} {
		if !strings.Contains(good.Text, want) {
			t.Errorf("the form has no %s: %s", want, good.Text)
		}
	}
	for query, problem := range map[string]string{
		"from=yesterday": "This is no day.", "to=2024-02-30": "This is no day.", "from=2024-05-02&to=2024-05-01": "This day is before the first one.",
		"q=" + strings.Repeat("x", 201): "Please use at most",
	} {
		a := b.Get("/portal/book?"+query).Want(t, http.StatusUnprocessableEntity)
		if !strings.Contains(a.Text, problem) || !strings.Contains(a.Text, `aria-invalid="true"`) || len(titles(a)) > 0 {
			t.Errorf("%s: %s", query, a.Text)
		}
	}
}

// A book without a page says so, and leads on.
func TestAnEmptyBookSaysSo(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(h.Enrol("NEWACCOUNT", "end_user"))
	a := b.Get("/portal/book").Want(t, http.StatusOK)
	if !strings.Contains(a.Text, "There is no page in this book yet.") || !strings.Contains(a.Text, `href="/portal/new"`) {
		t.Errorf("it says %s", a.Text)
	}
	if a := b.Get("/portal/book?q=x"); !strings.Contains(a.Text, "No page of this book fits.") || !strings.Contains(a.Text, `<a href="/portal/book">`) {
		t.Errorf("a search says %s", a.Text)
	}
}

// Each reading of a book is in the access record.
func TestReadingABookIsRecorded(t *testing.T) {
	t.Parallel()
	h, lines := testhub.Recorded(t)
	b := h.SignIn(cameron)
	lines.Take()
	a := b.Get("/portal/people/" + testhub.Small(ana) + "/book?q=birth")
	if got, want := lines.One(t, a), "ITAPYT999HON health_professional GET book ESPGNU777ORG   200"; got != want {
		t.Errorf("the record says %q, want %q", got, want)
	}
}

// A phone shows the pages first: the search is unfolded by whoever uses it.
func TestTheSearchIsUnfoldedWhileItIsUsed(t *testing.T) {
	t.Parallel()
	b := quickHub(t).SignIn(ana)
	for path, open := range map[string]bool{
		"/portal/book": false, "/portal/book?q=": false, "/portal/book?q=birth": true, "/portal/book?from=nonsense": true,
		"/portal/book?kind=medical": true, "/portal/book?to=2024-05-01": true,
	} {
		if got := strings.Contains(b.Get(path).Text, `<details class="search" open>`); got != open {
			t.Errorf("%s: unfolded is %v", path, got)
		}
	}
}
