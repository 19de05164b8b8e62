// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"thalamus/internal/gate"
	"thalamus/internal/testhub"
)

// crawler sends requests to every row of the route table as one account, and keeps what is wrong with the answers.
type crawler struct {
	*crawled
	account []string
	browser testhub.Browser
	leaks   map[string][]string // the marks that came where none should, by row
	seen    map[gate.Face]bool  // faces in which there was a mark
}

func (w *crawled) crawl(account []string) *crawler {
	w.T.Helper()
	c := &crawler{crawled: w, account: account, browser: w.SignIn(account), leaks: map[string][]string{}, seen: map[gate.Face]bool{}}
	for _, row := range w.Every() {
		if row.Method == http.MethodGet || strings.HasSuffix(row.Pattern, "_search") {
			c.read(row)
		}
	}
	for _, row := range w.Every() {
		if row.Method != http.MethodGet && strings.Contains(row.Pattern, "{page}") {
			c.write(row)
		}
	}
	return c
}

// read asks a row for everything, in every way that its parameters allow.
func (c *crawler) read(row gate.Row) {
	for _, path := range c.paths(row) {
		c.ask(row, row.Method, path)
		if row.Method != http.MethodGet {
			continue
		}
		c.ask(row, http.MethodHead, path)
		c.ask(row, row.Method, path, "Range", "bytes=0-40")
		c.ask(row, row.Method, path, "If-None-Match", `"1"`)
		for _, query := range c.queries(row) {
			c.askOn(row, withQuery(path, query))
		}
	}
}

// write sends what changes a page, or a document of it.
func (c *crawler) write(row gate.Row) {
	for _, path := range c.paths(row) {
		if row.Pattern == newPage && strings.Contains(path, c.pages[len(c.pages)-1]) {
			continue // the id may be used again
		}
		c.ask(row, row.Method, path, "If-Match", `"99"`)
		c.ask(row, row.Method, path, "If-None-Match", `"2"`)
		c.ask(row, row.Method, path)
	}
}

// paths are those of a row about Ana: with each page, and the document.
func (c *crawler) paths(row gate.Row) (paths []string) {
	path := strings.NewReplacer("{person}", ana[0], "{document}", c.file, "{version}", "1", "{other}", other[0]).Replace(row.Pattern)
	if row.Face == gate.FHIR && strings.Contains(path, "{page}") {
		kind, _, _ := strings.Cut(strings.TrimPrefix(path, "/fhir/"), "/")
		for _, resource := range c.fhir {
			if strings.HasPrefix(resource, kind+"/") {
				paths = append(paths, "/fhir/"+resource)
			}
		}
		return paths
	}
	if row.Subject == gate.OfLookup && path == row.Pattern {
		name := map[bool]string{true: "identifier", false: "patient"}[strings.Contains(path, "/$")]
		path += "?" + name + "=" + ana[0]
	}
	if !strings.Contains(path, "{page}") {
		return []string{strings.NewReplacer("{", "", "}", "").Replace(path)}
	}
	for _, page := range c.pages {
		paths = append(paths, strings.ReplaceAll(path, "{page}", page))
	}
	return paths
}

// values are what parameters are tried with; those that take a text are tried with marks.
var values = map[string][]string{
	"limit": {"1"}, "_count": {"1"}, "version": {"1", "2"}, "order": {"asc", "desc"}, "linked": {"1"}, "person": ana[:1], "data": {"none"},
	"resource": {"page,document"}, "from": {"2026"}, "to": {"2027"}, "page_type": {"medical"}, "domain": {"medical"}, "context": {"self_monitoring"},
	"medical_context": {"procedure"}, "_type": {"Observation"}, "_since": {"2020-01-01"}, "_sort": {"-date"}, "date": {"ge2020"}, "category": {"vital-signs"},
	"patient": ana[:1], "subject": ana[:1], "identifier": ana[:1], "_id": ana[:1],
}

// queries are those that a row takes: one for each parameter. Pages for people do not say which they take.
func (c *crawler) queries(row gate.Row) (queries []string) {
	names := []string{"version"}
	for _, rule := range row.Parameters {
		names = append(names, rule.Name)
	}
	if row.Face == gate.Pages {
		names = append(names, "q", "kind", "from")
	}
	for _, name := range names {
		for _, value := range append(values[name], map[bool][]string{true: {c.texts[0]}}[name == "q"]...) {
			queries = append(queries, name+"="+value)
		}
	}
	return queries
}

func withQuery(path, query string) string {
	if strings.Contains(path, "?") {
		return path + "&" + query
	}
	return path + "?" + query
}

var (
	linkedNext  = regexp.MustCompile(`<([^<>]+)>; rel="next"`)
	bundledNext = regexp.MustCompile(`"relation":"next","url":"([^"]+)"`)
)

// askOn goes on as long as a list does.
func (c *crawler) askOn(row gate.Row, path string) {
	for range 40 {
		a := c.ask(row, row.Method, path)
		next := linkedNext.FindStringSubmatch(a.Header.Get("Link"))
		if next == nil {
			next = bundledNext.FindStringSubmatch(a.Text)
		}
		if next == nil {
			return
		}
		path = strings.TrimPrefix(next[1], c.URL)
	}
	c.T.Errorf("%s %s has no end", row.Method, path)
}

// ask sends a request. What it does not name may not come; and where it names something, the answer is the
// same as of something that never was.
func (c *crawler) ask(row gate.Row, method, path string, headers ...string) testhub.Answer {
	a := c.send(row, method, path, headers...)
	named := has(path, c.marks())
	found := slices.DeleteFunc(has(wholeText(a), c.marks()), func(mark string) bool { return slices.Contains(named, mark) })
	creates := row.Pattern == newPage && method == http.MethodPost
	if len(named) > 0 && !creates && !c.isLikeItsTwin(a, row, method, path, headers...) {
		found = append(found, "unlike what never was: "+path)
	}
	if len(found) > 0 {
		name := row.Method + " " + row.Pattern
		c.leaks[name], c.seen[row.Face] = append(c.leaks[name], found...), true
	}
	return a
}

// newPage is the row that creates what is not there.
const newPage = "/pols/{person}/{page}"

// isLikeItsTwin asks for something that never was in the same way. Of what differs each time the status counts.
func (c *crawler) isLikeItsTwin(a testhub.Answer, row gate.Row, method, path string, headers ...string) bool {
	twin := c.send(row, method, c.twins.Replace(path), headers...)
	if c.twins.Replace(wholeText(a)) == wholeText(twin) {
		return true
	}
	again := c.send(row, method, c.twins.Replace(path), headers...)
	return wholeText(again) != wholeText(twin) && a.StatusCode == twin.StatusCode
}

func (c *crawler) send(row gate.Row, method, path string, headers ...string) testhub.Answer {
	body := ""
	if row.Method != http.MethodGet {
		body = fmt.Sprintf(`{"id": %q, "summary": "written"}`, path[strings.LastIndex(path, "/")+1:])
	}
	if row.Face == gate.Pages {
		if row.Method != http.MethodGet {
			body = "summary=written&version=1"
		}
		return c.browser.Do(method, path, body)
	}
	if strings.HasSuffix(row.Pattern, "_search") {
		_, body, _ = strings.Cut(path, "?")
		headers = append(headers, "Content-Type", "application/x-www-form-urlencoded")
	}
	return c.DoWith(c.account, method, path, body, headers...)
}

// wholeText is all of a reply but for what differs each time, with the files of a ZIP unpacked.
func wholeText(a testhub.Answer) string {
	var b strings.Builder
	fmt.Fprintln(&b, a.StatusCode)
	for _, name := range slices.Sorted(maps.Keys(a.Header)) {
		if name != "Date" && name != "X-Request-Id" && name != "Set-Cookie" {
			fmt.Fprintln(&b, name, a.Header[name])
		}
	}

	packed, err := zip.NewReader(strings.NewReader(a.Text), int64(len(a.Text)))
	if err != nil {
		return b.String() + a.Comparable()
	}
	for _, file := range packed.File {
		content, err := file.Open()
		if err == nil {
			var text bytes.Buffer
			_, _ = io.Copy(&text, content)
			fmt.Fprintln(&b, file.Name, text.String())
		}
	}
	return b.String()
}
