// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/access"
	"thalamus/internal/testhub"
)

// unzip gives the files of a download by their names.
func unzip(t *testing.T, a testhub.Answer) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(strings.NewReader(a.Text), int64(len(a.Text)))
	if err != nil {
		t.Fatal(err)
	}

	files := map[string]string{}
	for _, f := range archive.File {
		opened, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(opened)
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		files[f.Name] = string(text)
	}
	return files
}

// lines are those of a file of JSON lines.
func lines(file string) []string {
	return slices.DeleteFunc(strings.Split(file, "\n"), func(line string) bool { return line == "" })
}

// asList puts items together as the API's lists have them: each in an array of its own.
func asList(items []string) string {
	var all []string
	for _, item := range items {
		all = append(all, "["+item+"]")
	}
	return "[" + strings.Join(all, ",") + "]"
}

// apiPath joins segments; one that has a slash in front is a path already.
func apiPath(segments []string) string {
	if strings.HasPrefix(segments[0], "/") {
		return segments[0]
	}
	path := ""
	for _, segment := range segments {
		path += "/" + url.PathEscape(segment)
	}
	return path
}

func addDocument(h *testhub.Hub, page, id, data, content string) {
	h.DB.Exec(`INSERT INTO personal_docs (id, fedacct, pol, document, data) SELECT $1, book, id, $3, $4::jsonb FROM pols WHERE id = $2`, id, page, []byte(content), data)
}

// fillBook gives a person a book with everything that a download has.
func fillBook(h *testhub.Hub, person string) {
	for id, data := range map[string]string{
		"one":   `{"page_date": "2024-05-01", "summary": "<script>alert(1)</script>", "info": "\u202eevil\n<img src=x onerror=alert(1)>", "n": 1.50}`,
		"a b/c": `{"measurements": [{"bp": {"systolic": 120, "diastolic": 80}}], "deep": {"a": [1, {"b": "ü"}]}}`,
	} {
		addPage(h, person, id, data)
	}
	addPage(h, person, "again", `{"n": "first"}`)
	h.DB.Exec(`DELETE FROM pols WHERE id = 'again'`)
	addPage(h, person, "again", `{"n": "second"}`)
	h.DB.Exec(`UPDATE pols SET data = data || '{"changed": true}' WHERE id = 'one'`)
	addDocument(h, "one", "html", `{"filename": "../../evil.html", "content_type": "text/html"}`, "<script>alert(1)</script>")
	addDocument(h, "one", "big", `{"filename": "a:b?.png"}`, strings.Repeat("0123456789", 200_000))
	addDocument(h, "a b/c", "d/e", `{"content_type": "image/png"}`, "\x89PNG")
	h.DB.Exec(`INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('empty', $1, 'one', '{"filename": "none"}')`, person)
}

// A script that knows only the API rebuilds from the ZIP what the API gives.
func TestTheDownloadHasTheBytesThatTheAPIGives(t *testing.T) {
	t.Parallel()
	for _, account := range [][]string{ana, root} {
		h, copyLines := testhub.Indexed(t)
		id := account[0]
		fillBook(h, id)
		get := func(path ...string) string {
			return h.Do(account, "GET", apiPath(path), "").Want(t, http.StatusOK).Text
		}
		h.Do(cameron, "GET", "/people/"+id, "").Want(t, http.StatusOK)
		get("people", id)
		copyLines()
		accesses := get("people", id, "access")

		files := unzip(t, h.SignIn(account).Get("/portal/download").Want(t, http.StatusOK))
		if got, want := files["person.json"], get("people", id); got != want {
			t.Errorf("person: %s, want %s", got, want)
		}
		if got := asList(lines(files["access.jsonl"])); got != accesses {
			t.Errorf("accesses: %s, want %s", got, accesses)
		}
		compareBook(t, id, files, get)
		compareDocuments(t, id, files, get)
	}
}

func compareBook(t *testing.T, id string, files map[string]string, get func(path ...string) string) {
	t.Helper()
	var pages, history []string
	for _, line := range lines(files["history.jsonl"]) {
		if strings.Contains(line, `"resource":"person"`) {
			history = append(history, line)
		}
	}
	if got, want := asList(history), get("people", id, "history"); got != want {
		t.Errorf("history of the person: %s, want %s", got, want)
	}

	for _, line := range lines(files["book.jsonl"]) {
		var page struct{ ID string }
		if err := json.Unmarshal([]byte(line), &page); err != nil {
			t.Fatal(err)
		}
		pages = append(pages, "["+line+"]")
		if page.ID == "" { // its row has an id, its data has none
			continue
		}
		if want := get("pols", id, page.ID); line != want {
			t.Errorf("page %s: %s, want %s", page.ID, line, want)
		}
		history = nil
		for _, change := range lines(files["history.jsonl"]) {
			if strings.Contains(change, `"resource":"page","id":"`+page.ID+`"`) {
				history = append(history, change)
			}
		}
		if got, want := asList(history), get("pols", id, page.ID, "history"); got != want {
			t.Errorf("history of %s: %s, want %s", page.ID, got, want)
		}
	}

	var want []json.RawMessage
	if err := json.Unmarshal([]byte(get("pols", id)), &want); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, page := range want {
		all = append(all, string(page))
	}
	slices.Sort(pages)
	slices.Sort(all)
	if diff := cmp.Diff(all, pages); diff != "" {
		t.Errorf("the book (-API +ZIP)\n%s", diff)
	}
}

func compareDocuments(t *testing.T, id string, files map[string]string, get func(path ...string) string) {
	t.Helper()
	var entries []string
	for _, line := range lines(files["documents.jsonl"]) {
		var read struct {
			File  *string
			Entry json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &read); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, string(read.Entry))

		var entry [4]any
		if err := json.Unmarshal(read.Entry, &entry); err != nil {
			t.Fatal(err)
		}
		path, has := entry[3].(string)
		if has != (read.File != nil) {
			t.Errorf("the file of %s is %v", read.Entry, read.File)
		}
		if has && files[*read.File] != get(path) {
			t.Errorf("the bytes of %s are others", path)
		}
	}
	if got, want := "["+strings.Join(entries, ",")+"]", get("personal_docs", id); got != want {
		t.Errorf("documents: %s, want %s", got, want)
	}
}

// The index is a page of itself: it runs nothing, asks for nothing and leads to no file that would run.
func TestTheIndexOfADownloadRunsNothing(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	fillBook(h, ana[0])
	files := unzip(t, h.SignIn(ana).Get("/portal/download").Want(t, http.StatusOK))
	index := files["index.html"]
	for _, never := range []string{"<script", "<img", "onerror=alert(1)>", `.html"`, "http:", "https:"} {
		if strings.Contains(index, never) {
			t.Errorf("the index has %q", never)
		}
	}
	for _, want := range []string{
		`http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-`, "&lt;script&gt;alert(1)", "120/80", ">deep<",
		`<a dir="auto" href="documents/0002/a_b_.png">`, "documents/0005/evil.html",
	} {
		if !strings.Contains(index, want) {
			t.Errorf("the index has no %q: %s", want, index)
		}
	}
	for name := range files {
		if strings.Contains(name, "..") || strings.ContainsAny(name, `\:*?"<>|`) || strings.HasPrefix(name, "/") {
			t.Errorf("a file has the name %q", name)
		}
	}
}

// The files beside the index have every member by its key.
func TestTheIndexOfADownloadSpeaksOfNothingTechnical(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	addPage(h, ana[0], "technical", `{"id": "technical-id", "book": "technical-book", "page": "technical-page", "fsynced": "technical-sync", "_id": "technical-old",
		"creation_info": {"user": "technical-user"}, "modification_info": {"user": "technical-user"}, "author_acct": "technical-account", "region": "left knee"}`)
	h.DB.Exec(`UPDATE people SET data = data || '{"du": "HOUSE-7", "profession": "teacher", "ethnicity": "latino", "_id": "technical-old", "deceased": "technical-alive",
		"creation_info": {"user": "technical-user"}, "hobby": "chess"}' WHERE id = $1`, ana[0])
	index := unzip(t, h.SignIn(ana).Get("/portal/download").Want(t, http.StatusOK))["index.html"]
	if found := regexp.MustCompile(`.*technical-.*`).FindString(index); found != "" {
		t.Errorf("the index has %s", found)
	}
	text := regexp.MustCompile(`(\s*<[^>]*>\s*)+`).ReplaceAllString(index, "|")
	for _, want := range []string{"Household|HOUSE-7", "Profession|teacher", "Ethnicity|latino", "Federation account|" + ana[0], "hobby|chess", "region|left knee"} {
		if !strings.Contains(text, want) {
			t.Errorf("the index has no %s", want)
		}
	}
}

// What a role does not allow is missing, and the index says so.
func TestADownloadHasWhatTheRolesAllow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		grants string
		want   []string
		words  int
	}{
		{`"person"`, []string{"index.html", "person.json"}, 4},
		{`"person", "book"`, []string{"book.jsonl", "index.html", "person.json"}, 3},
		{`"person", "personaldocs"`, []string{"index.html", "person.json"}, 4},
		{`"person", "personaldocs", "document"`, []string{"documents.jsonl", "documents/0001", "index.html", "person.json"}, 3},
		{`"person", "history"`, []string{"index.html", "person.json"}, 4},
		{`"person", "page", "history"`, []string{"history.jsonl", "index.html", "person.json"}, 3},
		{`"person", "access"`, []string{"access.jsonl", "index.html", "person.json"}, 3},
	} {
		h, _ := testhub.Indexed(t)
		policy, _, err := access.Parse([]byte(`[{"role": "end_user", "permissions": {"GET": [` + c.grants + `]}, "global": "False"}]`))
		if err != nil {
			t.Fatal(err)
		}
		h.Gate.SetPolicy(policy)

		files := unzip(t, h.SignIn(ana).Get("/portal/download").Want(t, http.StatusOK))
		seen := map[string]bool{}
		for name := range files {
			parts := strings.SplitN(name, "/", 3)
			seen[strings.Join(parts[:min(2, len(parts))], "/")] = true
		}
		var names []string
		for name := range seen {
			names = append(names, name)
		}
		slices.Sort(names)
		if diff := cmp.Diff(c.want, names); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.grants, diff)
		}
		if got := strings.Count(files["index.html"], `class="notice"`); got != c.words {
			t.Errorf("%s: %d notices, want %d", c.grants, got, c.words)
		}
	}
}

// An error in the middle leaves no ZIP that can be opened, and no reply that looks whole.
func TestADownloadThatFailsIsCutOff(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO pols (id, book, data) SELECT 'big', $1, jsonb_build_object('text', string_agg(md5(n::text), '')) FROM generate_series(1, 9000) AS n`, ana[0])
	b := h.SignIn(ana)
	h.DB.Exec(`ALTER TABLE thalamus_changes RENAME COLUMN node TO gone`) // no history can be read

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.URL+"/portal/download", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Cookie", b.Cookie)
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()

	text, err := io.ReadAll(reply.Body)
	if reply.StatusCode != http.StatusOK || len(text) == 0 || err == nil {
		t.Errorf("status %d, %d bytes, %v: want the beginning of a ZIP", reply.StatusCode, len(text), err)
	}
	if _, err := zip.NewReader(bytes.NewReader(text), int64(len(text))); err == nil {
		t.Error("what came can be opened")
	}
}

// Nobody downloads what is another's.
func TestADownloadIsOfTheCaller(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, account := range [][]string{ana, other, cameron, root} {
		files := unzip(t, h.SignIn(account).Get("/portal/download").Want(t, http.StatusOK))
		if want := h.Do(account, "GET", "/people/"+account[0], "").Text; files["person.json"] != want {
			t.Errorf("%s gets %s", account[0], files["person.json"])
		}
		h.SignIn(account).Get("/portal/people/"+ana[0]+"/download").Want(t, http.StatusNotFound)
	}
	testhub.Browser{Hub: h}.Get("/portal/download").Want(t, http.StatusSeeOther)
}

// A download is a long list, of which an account reads eight at a time.
func TestADownloadThatHasEndedLeavesItsPlaceToTheNext(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	b := h.SignIn(ana)
	for range 9 {
		b.Get("/portal/download").Want(t, http.StatusOK)
	}
}
