// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// crawled is a hub with pages and documents in Ana's book that have marks by which they are known wherever
// they are shown.
type crawled struct {
	*hub
	author []string // of the pages, and nobody else's doctor
	pages  []string // ids; the last one was deleted
	file   string   // id of the document, and a part of its name
	texts  []string // marks in what the pages and the document hold
	twins  *strings.Replacer
	fhir   []string // "Observation/..." of the pages
}

// newCrawled makes them as clients do. Nothing is withheld yet.
func newCrawled(t testing.TB, change ...func(*testhub.Options)) *crawled {
	t.Helper()
	w := &crawled{hub: quickHub(t, change...), author: nil, file: "f" + rand.Text()}
	w.WatchHealth()
	w.author = w.Enrol("AUTHOR", "health_professional")
	for _, kind := range []string{
		`"domain": "medical", "context": "self_monitoring", "measurements": [{"bp": {"systolic": 120, "diastolic": 80}}, {"wt": 71.%[2]d}]`,
		`"page_type": "medical", "medical_context": "health_condition", "health_condition_text": "%[1]s", "health_condition_code": "E10.%[1]s"`,
		`"page_type": "medical", "medical_context": "immunization", "procedure_text": "%[1]s"`,
		`"page_type": "medical", "medical_context": "procedure", "procedure_text": "%[1]s", "procedure_code": "%[1]s"`,
		`"domain": "lifestyle", "context": "nutrition", "node": "n%[1]s"`,
	} {
		w.addPage(kind)
	}
	w.addDocument()

	last := w.pages[len(w.pages)-1]
	w.Do(root, "DELETE", "/pols/"+ana[0]+"/"+last, "").Want(t, http.StatusNoContent)
	w.findResources()
	w.makeTwins()
	return w
}

// addPage adds a page, and a version to it.
func (w *crawled) addPage(kind string) {
	w.T.Helper()
	id, mark, number := "p"+rand.Text(), "m"+rand.Text(), 1_000_000+len(w.pages)
	w.pages, w.texts = append(w.pages, id), append(w.texts, mark)
	path := "/pols/" + ana[0] + "/" + id
	body := fmt.Sprintf(`{"id": "%[3]s", "page_date": "2026-05-01T10:11:12", "summary": "%[1]s", "info": "former %[1]s", `+kind+`}`, mark, number, id)
	w.Do(w.author, "POST", path, strings.ReplaceAll(body, "%!(EXTRA", "")).Want(w.T, http.StatusCreated)
	w.Do(w.author, "PATCH", path, fmt.Sprintf(`{"info": "present %s"}`, mark)).Want(w.T, http.StatusOK)
}

func (w *crawled) addDocument() {
	w.T.Helper()
	mark := "d" + rand.Text()
	w.texts = append(w.texts, mark)
	r := w.Request(w.author, "POST", "/personal_docs/"+ana[0]+"/"+w.pages[0]+"?id="+w.file, "\x89PNG\r\n\x1a\n"+mark)
	r.Header.Set("Content-Type", "image/png")
	r.Header.Set("Content-Disposition", `attachment; filename="`+mark+`.png"`)
	w.Send(r).Want(w.T, http.StatusCreated)
	w.texts = append(w.texts, w.DB.Text(`SELECT encode(digest, 'hex') FROM personal_docs WHERE id = $1`, w.file), w.DB.Text(`SELECT encode(digest, 'base64') FROM personal_docs WHERE id = $1`, w.file))
}

// findResources finds what FHIR makes of the pages.
func (w *crawled) findResources() {
	all := w.Do(w.author, "GET", "/fhir/Patient/"+ana[0]+"/$everything?_count=1000", "").Want(w.T, http.StatusOK)
	for _, found := range regexp.MustCompile(`/fhir/([A-Z]\w+/[\w.-]+)"`).FindAllStringSubmatch(all.Text, -1) {
		if slices.ContainsFunc(append(w.pages, w.file), func(id string) bool { return strings.Contains(found[1], id) }) {
			w.fhir = append(w.fhir, found[1])
		}
	}
}

// makeTwins gives each mark another of its length, which is nowhere.
func (w *crawled) makeTwins() {
	var pairs []string
	for _, mark := range w.marks() {
		pairs = append(pairs, mark, mark[:1]+rand.Text()[:1]+strings.Repeat("7", len(mark)-2))
	}
	w.twins = strings.NewReplacer(pairs...)
}

// marks are all of them.
func (w *crawled) marks() []string { return slices.Concat(w.pages, []string{w.file}, w.texts) }

// withhold denies Ana's book to everybody but its authors, except for one page.
func (w *crawled) withhold() {
	w.say("*", "*", "deny")
	w.say("page:"+w.pages[0], "*", "deny") // a registrar reads statements, and is not to learn of which page
	w.say(birthPage, "*", "permit")
}

// close makes the pages private that are there, as Ana may. The deleted one is withheld by a statement.
func (w *crawled) close() {
	last := len(w.pages) - 1
	for _, page := range w.pages[:last] {
		w.Do(ana, "PATCH", "/pols/"+ana[0]+"/"+page, `{"privacy": true}`).Want(w.T, http.StatusOK)
	}
	w.say("domain:lifestyle", "*", "deny")
}

// state is all that is stored in the book.
func (w *crawled) state() string {
	return w.DB.Text(`SELECT concat((SELECT jsonb_agg(to_jsonb(pols) ORDER BY id) FROM pols WHERE id = ANY ($1)),
		(SELECT jsonb_agg(to_jsonb(d) - 'document' ORDER BY id) FROM personal_docs AS d WHERE pol = ANY ($1)))`, w.pages)
}

// has tells which of some marks a text has.
func has(text string, marks []string) (found []string) {
	for _, mark := range marks {
		quoted, _ := json.Marshal(mark)
		if strings.Contains(text, mark) || strings.Contains(text, strings.Trim(string(quoted), `"`)) {
			found = append(found, mark)
		}
	}
	return found
}
