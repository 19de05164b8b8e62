// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

// everything gives all that is stored.
func (h *hub) everything() (all [][][]any) {
	h.T.Helper()
	for _, table := range []string{"people", "pols", "personal_docs", "dus", "institutions"} {
		all = append(all, h.DB.Rows(`SELECT to_jsonb(t) FROM `+table+` AS t ORDER BY id`))
	}
	return all
}

// writable are the paths that take a body, by method: existing records for
// PATCH, new ones for POST.
var writable = map[string][]string{
	http.MethodPost: {"/people/NEW", "/pols/ESPGNU777ORG/new", "/domiciliary-units/new", "/institutions/new"},
	http.MethodPatch: {
		"/people/ESPGNU777ORG", "/pols/ESPGNU777ORG/" + birthPage, birthPNG, "/domiciliary-units/DU1", "/institutions/INST1",
	},
}

func TestABodyThatCannotBeStoredIsRefusedOnEveryPath(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	before := h.everything()
	for status, bodies := range map[int][]string{
		http.StatusBadRequest: {
			"", " ", `{`, `{"a": 1`, `{"a": 1} {}`, `{a: 1}`, `{'a': 1}`, `{"a": 01}`, `{"a": NaN}`, `{"a": "` + "\x00" + `"}`,
			`{"a": "` + "\xff" + `"}`, "\xff\xfe{\x00}\x00", `{"a": "\x"}`, "\xef\xbb\xbf", "\xef\xbb\xbf\xef\xbb\xbf{}", `name=Ana`,
			"\f{}", "\v{}", "\u00a0{}", "{}\u00a0", "\u3000{}",
		},
		http.StatusUnprocessableEntity: {
			`[]`, `[{"a": 1}]`, `"text"`, `5`, `true`, `null`, `{"a": "\u0000"}`, `{"a\u0000b": 1}`, `{"a": {"\u0000": 1}}`,
			`{"a": "\ud800"}`, `{"\udc00": 1}`, `{"a": "\udc00\ud800"}`, `{"a": 1e131071}`, `{"a": -1e-131071}`, `{"a": 1e1000}`,
			`{"a": 1e99999999999999999999}`, `{"a": ` + strings.Repeat("9", 1001) + `}`,
			`{"a": ` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`,
			strings.Repeat(`{"a":`, 1001) + `1` + strings.Repeat(`}`, 1001), strings.Repeat("[", 100_000),
			`{"a": [` + strings.Repeat("1e131071,", 10_000) + `1]}`,
		},
	} {
		for method, paths := range writable {
			for _, path := range paths {
				for _, body := range bodies {
					a := h.Do(root, method, path, body)
					if a.WantError(t, status); t.Failed() {
						t.Fatalf("%.60q", body)
					}
				}
			}
		}
	}
	if diff := cmp.Diff(before, h.everything()); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
}

func TestACompressedBodyIsRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, encoding := range []string{"gzip", "deflate", "br", "identity, gzip"} {
		for method, paths := range writable {
			for _, path := range paths {
				h.DoWith(root, method, path, `{"a": 1}`, "Content-Encoding", encoding).WantError(t, http.StatusUnsupportedMediaType)
			}
		}
		h.DoWith(root, http.MethodPost, birthDocs, "bytes", "Content-Encoding", encoding).WantError(t, http.StatusUnsupportedMediaType)
	}
	h.DoWith(root, http.MethodPatch, "/institutions/INST1", `{"a": 1}`, "Content-Encoding", "Identity").Want(t, http.StatusOK)
}

func TestTheContentTypeOfARecordDoesNotMatter(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, contentType := range []string{"", "application/json", "text/plain", "application/x-www-form-urlencoded", "nonsense/;;"} {
		h.DoWith(root, http.MethodPatch, "/institutions/INST1", `{"a": 1}`, "Content-Type", contentType).Want(t, http.StatusOK)
	}
}

func TestAByteOrderMarkIsNoPartOfTheRecord(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	a := h.Do(root, http.MethodPost, "/institutions/new", "\xef\xbb\xbf {\"a\": 1}\r\n").Want(t, http.StatusCreated)
	if want := `{"a": 1, "id": "new"}`; a.Text != want {
		t.Errorf("got %q, want %q", a.Text, want)
	}
}

func TestOfDoubleKeysTheLastCounts(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(root, http.MethodPost, "/institutions/new", `{"id": "other", "a": 1, "a": 2, "id": "new"}`).Want(t, http.StatusCreated)
	h.Do(root, http.MethodPost, "/institutions/two", `{"id": "two", "id": "other"}`).WantError(t, http.StatusUnprocessableEntity)
	h.Do(root, http.MethodPatch, "/institutions/new", `{"id": "new", "\u0069d": "other"}`).WantError(t, http.StatusUnprocessableEntity)
	if got := h.Do(root, http.MethodGet, "/institutions/new", "").Text; got != `{"a": 2, "id": "new"}` {
		t.Errorf("got %s", got)
	}
}

func TestANumberKeepsItsDigits(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const numbers = `{"a": 12345678901234567890123, "b": 1.50, "c": 0.1000000000000000055511151231257827, "id": "new"}`
	for _, a := range []testhub.Answer{
		h.Do(root, http.MethodPost, "/institutions/new", numbers), h.Do(root, http.MethodGet, "/institutions/new", ""),
		h.Do(root, http.MethodPatch, "/institutions/new", `{"b": 1.50}`),
	} {
		if a.Text != numbers {
			t.Errorf("got %s", a.Text)
		}
	}
}
