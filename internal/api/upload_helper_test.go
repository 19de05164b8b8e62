// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// part is a part of a form, in the order in which it is sent.
type part struct{ disposition, contentType, content string }

func documentPart(content string) part {
	return part{`form-data; name="document"; filename="scan.png"`, "image/png", content}
}

func dataPart(data string) part { return part{`form-data; name="data"`, "", data} }

const formType = `multipart/form-data; boundary="border"`

// form writes the parts as a body of formType.
func form(parts ...part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString("--border\r\nContent-Disposition: " + p.disposition + "\r\n")
		if p.contentType != "" {
			b.WriteString("Content-Type: " + p.contentType + "\r\n")
		}
		b.WriteString("\r\n" + p.content + "\r\n")
	}
	return b.String() + "--border--\r\n"
}

func (h *hub) uploadForm(account []string, path string, parts ...part) testhub.Answer {
	h.T.Helper()
	return h.DoWith(account, http.MethodPost, path, form(parts...), "Content-Type", formType)
}

// data gives what is stored about the document that an upload's Location names.
func (h *hub) data(a testhub.Answer) map[string]any {
	h.T.Helper()
	id := a.Header.Get("Location")[strings.LastIndex(a.Header.Get("Location"), "/")+1:]
	var data map[string]any
	if err := json.Unmarshal([]byte(h.DB.Text(`SELECT data::text FROM personal_docs WHERE id = $1`, id)), &data); err != nil {
		h.T.Fatal(err)
	}
	return data
}

// count gives how many documents there are. The fixture has 2.
func (h *hub) count() string {
	h.T.Helper()
	return h.DB.Text(`SELECT count(*)::text FROM personal_docs`)
}

// wantCount fails the test unless there are so many documents.
func (h *hub) wantCount(t testing.TB, want string) {
	t.Helper()
	if got := h.count(); got != want {
		t.Errorf("%s documents, want %s", got, want)
	}
}
