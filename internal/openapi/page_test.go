// SPDX-License-Identifier: GPL-3.0-or-later

package openapi_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

func TestThePageHasEveryOperationWithItsParameters(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t, func(o *testhub.Options) { o.BasePath, o.SearchFields = "/hub", []string{"gender"} })
	page := html.UnescapeString(h.Do(testhub.Nobody, "GET", "/docs/api", "").Want(t, 200).Text)
	for _, row := range h.Rows {
		if isForPeople(row) {
			continue
		}

		_, about, found := strings.Cut(page, "<code>"+row.Method+" /hub"+row.Pattern+"</code></h3>")
		about, _, _ = strings.Cut(about, "</section>")
		if login := strings.Contains(about, "-u ACCOUNT:PASSWORD"); !found || login != (row.Endpoint != "") {
			t.Errorf("%s %s: found %t, with credentials %t", row.Method, row.Pattern, found, login)
		}
		for _, rule := range row.Parameters {
			if !strings.Contains(about, "<code>"+rule.Name+"</code></td><td>query</td><td>"+rule.Sentence) {
				t.Errorf("%s %s does not tell of %s", row.Method, row.Pattern, rule.Name)
			}
		}
	}
}

func TestThePageLeadsToPlacesThatItHas(t *testing.T) {
	t.Parallel()
	page := testhub.Quick(t).Do(testhub.Nobody, "GET", "/docs/api", "").Want(t, 200).Text
	links := regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(links) < 50 {
		t.Errorf("it has %d links", len(links))
	}
	for _, link := range links {
		if strings.Count(page, ` id="`+link[1]+`"`) != 1 {
			t.Errorf("%d places are called %q", strings.Count(page, ` id="`+link[1]+`"`), link[1])
		}
	}
}

func TestThePageNeedsNothingElse(t *testing.T) {
	t.Parallel()
	a := testhub.Quick(t).Do(testhub.Nobody, "GET", "/docs/api", "").Want(t, 200)
	if policy := a.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") {
		t.Errorf("its policy is %s", policy)
	}
	for _, word := range []string{"<script", "<img", "http://", "`", " src="} {
		if strings.Contains(a.Text, word) {
			t.Errorf("it has %s", word)
		}
	}
}
