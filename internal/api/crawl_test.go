// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/testhub"
)

// Whoever adds a row to the route table has it crawled.
func TestNothingThatIsWithheldIsShownAnywhere(t *testing.T) {
	t.Parallel()
	w := newCrawled(t)
	w.Hear() // it knows of nobody else that there are statements
	w.withhold()
	before := w.state()
	w.wantNoLeaks(cameron, root, other, nobody)
	if after := w.state(); after != before {
		t.Errorf("the book was changed\nfrom %s\nto %s", before, after)
	}
	if found := has(w.Log.String(), w.texts); len(found) > 0 {
		t.Errorf("the log has %q", found)
	}
}

// wantNoLeaks crawls as each account.
func (w *crawled) wantNoLeaks(accounts ...[]string) {
	w.T.Helper()
	for _, account := range accounts {
		for row, marks := range w.crawl(account).leaks {
			w.T.Errorf("%q: %s: %q", account, row, marks)
		}
	}
}

// Pages that a person makes private are as well hidden, from who acts for her, too: she reads whatever a doctor
// withholds, and not these.
func TestNothingThatIsPrivateIsShownAnywhere(t *testing.T) {
	t.Parallel()
	w := newCrawled(t)
	w.Hear()
	mother := w.Enrol("MOTHER", "end_user")
	w.letAct(mother)
	shown := w.crawl(mother)
	for _, face := range []gate.Face{gate.JSON, gate.FHIR, gate.Pages} {
		if !shown.seen[face] {
			t.Errorf("in face %v she reads nothing", face)
		}
	}

	w.close()
	w.wantNoLeaks(cameron, root)
	w.DB.Exec(`UPDATE thalamus_consents SET scope = 'page:' || $1 WHERE effect = 'deny'`, w.pages[len(w.pages)-1])
	w.wantNoLeaks(mother)
}

// The crawl would find what is shown: in every face, and in all rows that show anything of pages to their author.
func TestTheCrawlFindsWhatIsShown(t *testing.T) {
	t.Parallel()
	w := newCrawled(t)
	shown := w.crawl(cameron)
	w.withhold()
	author := w.crawl(w.author)
	for _, face := range []gate.Face{gate.JSON, gate.FHIR, gate.Pages} {
		if !shown.seen[face] || !author.seen[face] {
			t.Errorf("in face %v nothing was found", face)
		}
	}
	for row := range shown.leaks {
		if author.leaks[row] == nil && !strings.HasPrefix(row, "DELETE") && !strings.HasPrefix(row, "PATCH") && !strings.HasPrefix(row, "POST") {
			t.Errorf("the author is not shown what others were: %s", row)
		}
	}
	if len(author.leaks) < 25 {
		t.Errorf("marks are in %d rows only: %v", len(author.leaks), author.leaks)
	}
}

// Whatever row forgets whom it shows a page to is found without anybody adding it to the crawl, in whichever face: by what it
// says, by the hash of that in a header, or by a status that what never was does not get.
func TestALeakThatIsPlantedIsFound(t *testing.T) {
	t.Parallel()
	var w *crawled
	leaks := map[string]func(gate.Handler) gate.Handler{
		"GET /pols/{person}/{page}": func(gate.Handler) gate.Handler {
			return func(out http.ResponseWriter, r *http.Request, c *gate.Caller) error {
				page, err := w.DB.For(fed.Operator).Page(r.Context(), c.Subject, c.Param("page"))
				if err != nil {
					return err
				}
				return gate.ReplyStored(out, r, page)
			}
		},
		"GET /people/{person}": func(handle gate.Handler) gate.Handler {
			return func(out http.ResponseWriter, r *http.Request, c *gate.Caller) error {
				out.Header().Set("Planted", w.DB.Text(`SELECT encode(digest, 'hex') FROM personal_docs WHERE id = $1`, w.file))
				return handle(out, r, c)
			}
		},
		"GET /personal_docs/{person}/{page}": func(handle gate.Handler) gate.Handler {
			return func(out http.ResponseWriter, r *http.Request, c *gate.Caller) error {
				if slices.Contains(w.pages, c.Param("page")) {
					return fed.Errorf(fed.Forbidden, "It is withheld.")
				}
				return handle(out, r, c)
			}
		},
		"GET /fhir/Patient/{person}": nil, "GET /portal/people/{person}": nil, // which show a page
	}
	shows := func(gate.Handler) gate.Handler {
		return func(out http.ResponseWriter, r *http.Request, c *gate.Caller) error {
			page, err := w.DB.For(fed.Operator).Page(r.Context(), c.Subject, w.pages[0])
			_, _ = out.Write(page.Record)
			return err
		}
	}
	w = newCrawled(t, func(o *testhub.Options) {
		o.Plant = func(row *gate.Row) {
			leak, planted := leaks[row.Method+" "+row.Pattern]
			if planted && leak == nil {
				leak = shows
			}
			if planted {
				row.Handle = leak(row.Handle)
			}
		}
	})
	w.withhold()
	found := w.crawl(cameron).leaks
	for row := range leaks {
		if len(found[row]) == 0 {
			t.Errorf("nothing is found in %s", row)
		}
		delete(found, row)
	}
	if len(found) > 0 {
		t.Errorf("and found: %v", found)
	}
}
