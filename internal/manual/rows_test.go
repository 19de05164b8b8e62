// SPDX-License-Identifier: GPL-3.0-or-later

package manual_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"thalamus/internal/manual"
	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// hubs are one at the root of its host, and one behind a path.
func hubs(t *testing.T) map[string]*testhub.Hub {
	t.Helper()
	return map[string]*testhub.Hub{
		"":        testhub.Quick(t),
		"/shared": testhub.Quick(t, func(o *testhub.Options) { o.BasePath = "/shared" }),
	}
}

func TestEverybodyReadsThePages(t *testing.T) {
	t.Parallel()
	for prefix, h := range hubs(t) {
		index := h.Do(testhub.Nobody, "GET", prefix+"/docs/", "").Want(t, http.StatusOK)
		for _, topic := range manual.Topics() {
			if !strings.Contains(index.Text, `<a href="`+topic.Name+`">`+topic.Title+`</a>`) || !strings.Contains(index.Text, topic.Purpose) {
				t.Errorf("the index does not tell of %s: %s", topic.Name, index.Text)
			}
			page := h.Do(testhub.Nobody, "GET", prefix+"/docs/"+topic.Name, "").Want(t, http.StatusOK)
			if !strings.Contains(page.Text, "<h1>"+topic.Title+"</h1>") || page.Header.Get("Content-Type") != "text/html; charset=utf-8" {
				t.Errorf("%s: %v %.500s", topic.Name, page.Header, page.Text)
			}
		}
		root := h.Do(testhub.Nobody, "GET", prefix+"/docs", "").Want(t, http.StatusPermanentRedirect)
		if to := root.Header.Get("Location"); to != prefix+"/docs/" {
			t.Errorf("/docs leads to %s", to)
		}
	}
}

// A picture of a page is found beside it, and a browser may show it.
func TestABrowserIsGivenThePicturesOfAPage(t *testing.T) {
	t.Parallel()
	for prefix, h := range hubs(t) {
		from := h.Request(testhub.Nobody, "GET", prefix+"/docs/professionals", "")
		page := h.Send(from).Want(t, http.StatusOK)
		if !strings.Contains(page.Header.Get("Content-Security-Policy"), "img-src 'self'") {
			t.Errorf("no picture is let in by %s", page.Header)
		}
		found := regexp.MustCompile(`<img src="([^"]*)"`).FindAllStringSubmatch(page.Text, -1)
		for _, image := range found {
			to, err := from.URL.Parse(image[1])
			if err != nil {
				t.Fatal(err)
			}
			picture := h.Do(testhub.Nobody, "GET", to.Path, "").Want(t, http.StatusOK)
			if picture.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(picture.Text, "\x89PNG") {
				t.Errorf("%s: %v", to.Path, picture.Header)
			}
		}
		if len(found) == 0 {
			t.Error("the page has no pictures")
		}
		h.Do(testhub.Nobody, "GET", prefix+"/docs/nothing.png", "").Want(t, http.StatusNotFound)
	}
}

var reference = regexp.MustCompile(`href="([^"]*)"`)

// What a browser makes of a link of a page is a page of this hub, with the section.
func TestEveryLinkOfAPageWorksInABrowser(t *testing.T) {
	t.Parallel()
	for prefix, h := range hubs(t) {
		for _, path := range append([]string{""}, topicNames()...) {
			from := h.Request(testhub.Nobody, "GET", prefix+"/docs/"+path, "")
			for _, found := range reference.FindAllStringSubmatch(h.Send(from).Text, -1) {
				to, err := from.URL.Parse(found[1])
				if err != nil || to.Host != from.URL.Host {
					continue
				}
				page := h.Do(testhub.Nobody, "GET", to.Path, "")
				if page.StatusCode != http.StatusOK || !strings.HasPrefix(to.Path, prefix) || to.Fragment != "" && !strings.Contains(page.Text, ` id="`+to.Fragment+`"`) {
					t.Errorf("%s of %s leads to %s: %d", found[1], from.URL.Path, to, page.StatusCode)
				}
			}
		}
	}
}

// The words come back as they were typed, and lead to a section of a page.
func TestTheIndexShowsWhatASearchHasFound(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	page := h.Do(testhub.Nobody, "GET", "/docs/?q=lost+database", "").Want(t, http.StatusOK).Text
	if !strings.Contains(page, `<a href="backups#the-database-is-lost-or-wrong">Backups: The database is lost, or wrong</a>`) || !strings.Contains(page, `value="lost database"`) {
		t.Error(page)
	}
	page = h.Do(testhub.Nobody, "GET", "/docs/?q=%22%3E%3Cscript%3E", "").Want(t, http.StatusOK).Text
	if strings.Contains(page, "<script") || !strings.Contains(page, "No page has all of these words.") {
		t.Error(page)
	}
	if page := h.Do(testhub.Nobody, "GET", "/docs/", "").Text; strings.Contains(page, "Found") {
		t.Error(page)
	}
}

func topicNames() (names []string) {
	for _, topic := range manual.Topics() {
		names = append(names, topic.Name)
	}
	return names
}

func TestAnUnknownTopicIsThePageOf404(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	for _, path := range []string{"/docs/nothing", "/docs/roles.md", "/docs/Roles", "/docs/..%2Froles"} {
		page := h.Do(testhub.Nobody, "GET", path, "").Want(t, http.StatusNotFound)
		if page.Header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(page.Text, "no such page") {
			t.Errorf("%s: %v %s", path, page.Header, page.Text)
		}
	}
}

// A style of its own is against the policy; a screen reader tells the head of each cell.
func TestAPageIsPlainHTML(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	head, own := regexp.MustCompile(`<th\b[^>]*>`), regexp.MustCompile(`<img src="[a-z-]+\.png"`)
	for _, name := range topicNames() {
		page := h.Do(testhub.Nobody, "GET", "/docs/"+name, "").Text
		_, body, _ := strings.Cut(page, "<body>")
		body = own.ReplaceAllString(body, "<img")
		for _, wrong := range []string{"<script", "style=", "<!--", " src=", "<style"} {
			if strings.Contains(body, wrong) {
				t.Errorf("%s has %s", name, wrong)
			}
		}
		for _, cell := range head.FindAllString(body, -1) {
			if cell != `<th scope="col">` {
				t.Errorf("%s has the head %s", name, cell)
			}
		}
	}
}
