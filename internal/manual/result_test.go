// SPDX-License-Identifier: GPL-3.0-or-later

package manual_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

const resultHeading = "## A laboratory's result"

// postResult posts the page and the document of the manual, and gives the id of the page.
func postResult(t *testing.T, h *testhub.Hub, account []string) (page string) {
	t.Helper()
	blocks := jsonBlocks(t, "resources", resultHeading)
	var sent struct{ ID, Book string }
	if err := json.Unmarshal([]byte(blocks[0]), &sent); err != nil {
		t.Fatal(err)
	}
	h.Do(account, "POST", "/pols/"+sent.Book+"/"+sent.ID, blocks[0]).Want(t, http.StatusCreated)

	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("data", blocks[1])
	file, err := form.CreateFormFile("document", "sent.pdf")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = file.Write([]byte("%PDF-1.4"))
	_ = form.Close()
	h.DoWith(account, "POST", "/personal_docs/"+sent.Book+"/"+sent.ID, body.String(), "Content-Type", form.FormDataContentType()).Want(t, http.StatusCreated)
	return sent.ID
}

func wantShown(t *testing.T, a testhub.Answer, all ...string) {
	t.Helper()
	a.Want(t, http.StatusOK)
	for _, want := range all {
		if !strings.Contains(a.Text, want) {
			t.Errorf("%s does not show %s", a.Request.URL, want)
		}
	}
}

func TestTheResultOfALaboratoryIsShownToThePerson(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	page := postResult(t, h, testhub.Cameron)
	ana := h.SignIn(testhub.Ana)
	wantShown(t, ana.Get("/portal/book?kind=lab"), "Blood count and glucose", "98 mg/dL")
	wantShown(t, ana.Get("/portal/page/"+page), "Blood count and glucose", "Leucocytes 6.1 10^9/L", "98 mg/dL", "13.2", "Laboratory of the Canary Islands",
		"CANARIAS-LAB", "Laboratory", "Blood count of 3 June", "application/pdf", "/portal/document/"+page+"/d3b0c1de-report")
	wantShown(t, ana.Get("/portal/measurements?kind=glucose&period=all"), "98 mg/dL", "<svg", `/portal/page/`+page)
	wantShown(t, ana.Get("/portal/documents"), "Blood count of 3 June")
	download := ana.Get("/portal/document/"+page+"/d3b0c1de-report").Want(t, http.StatusOK)
	if got := download.Header.Get("Content-Type"); got != "application/pdf" {
		t.Errorf("the report is %s", got)
	}
}

// Whatever the table says to be filled in is so for bytes that come alone.
func TestTheFieldsOfADocumentAreFilledIn(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	path := "/personal_docs/" + testhub.Ana[0] + "/" + testhub.BirthPage
	sent := h.DoWith(testhub.Ana, "POST", path, "%PDF-1.4", "Content-Type", "application/pdf", "Content-Disposition", `attachment; filename="a.pdf"`)
	got := keysOf([]map[string]any{sent.Want(t, http.StatusCreated).Fields(t)})
	want := namesWhere(fields(t, "## A document"), func(f field) bool { return f.name == "id" || strings.HasPrefix(f.hub, "filled in") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-manual +hub)\n%s", diff)
	}
}

// A program that knows the words of one schema finds the page by them.
func TestTheResultOfALaboratoryIsFoundByTheFiltersOfEitherSchema(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	page := postResult(t, h, testhub.Cameron)
	for _, query := range []string{"domain=medical&context=lab", "page_type=medical&medical_context=lab"} {
		book := h.Do(testhub.Ana, "GET", "/pols/"+testhub.Ana[0]+"?"+query, "").Want(t, http.StatusOK)
		if items := book.Items(t); len(items) != 1 || !strings.Contains(items[0], page) {
			t.Errorf("%s finds %s", query, book.Text)
		}
	}
}

func TestAHospitalHearsOfTheResultFromTheNodeOfTheLaboratory(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	page := postResult(t, h, testhub.Cameron)
	const feed = "/changes?resource=page&limit=1000"
	for query, want := range map[string]bool{"": true, "&not_node=CANARIAS-LAB": false} {
		changes := h.Do(testhub.Cameron, "GET", feed+query, "").Want(t, http.StatusOK).Text
		if strings.Contains(changes, page) != want {
			t.Errorf("%s tells of the page: %t", query, !want)
		}
	}
}

// The form that looks through a book has an option for each kind that has a name.
func TestTheManualHasEveryKindOfPageThatThePortalNames(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	_, kinds, _ := strings.Cut(h.SignIn(testhub.Ana).Get("/portal/book").Text, `name="kind"`)
	kinds, _, _ = strings.Cut(kinds, "</select>")
	var want []string
	for _, option := range regexp.MustCompile(`<option value="([^"]+)"`).FindAllStringSubmatch(kinds, -1) {
		want = append(want, option[1])
	}

	var got []string
	_, names, _ := strings.Cut(section(t, "resources", "## A page of life"), "The portal has names for")
	names, _, _ = strings.Cut(names, ".")
	for _, name := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(names, -1) {
		got = append(got, name[1])
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-portal +manual)\n%s", diff)
	}
}
