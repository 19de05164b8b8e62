// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTheIDOfADocumentIsInTheQueryOrInDataOrMadeHere(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for i, c := range []struct{ query, data, want string }{
		{"?id=asked", `{}`, "asked"}, {"", `{"id": "told"}`, "told"}, {"?id=both", `{"id": "both"}`, "both"},
		{"", `{}`, ""}, {"", `{"id": null}`, ""}, {"?id=", `{}`, ""}, {"?id", `{}`, ""}, {"?id=q", `{"id": null}`, "q"},
	} {
		t.Run(c.query, func(t *testing.T) {
			a := h.uploadForm(ana, birthDocs+c.query, documentPart(strings.Repeat("x", i+1)), dataPart(c.data)).Want(t, http.StatusCreated)
			id := strings.TrimPrefix(a.Header.Get("Location"), birthDocs+"/")
			if id != c.want && (c.want != "" || !uuidPattern.MatchString(id)) {
				t.Errorf("%s and %s made the id %s", c.query, c.data, id)
			}
			if data := h.data(a); data["id"] != id {
				t.Errorf("%s and %s made the id %s, and %v in data", c.query, c.data, id, data["id"])
			}
		})
	}
}

func TestIDsOfADocumentThatContradictAreRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, c := range []struct{ query, data string }{
		{"?id=a", `{"id": "b"}`}, {"", `{"id": 5}`}, {"", `{"id": ["a"]}`}, {"", `{"id": ""}`}, {"?id=a", `{"id": ""}`},
		{"", `{"id": "..", "x": 1}`}, {"", `{"id": "a/b"}`}, {"", `{"id": "a\u0007b"}`},
		{"?id=.", `{}`}, {"?id=a%2Fb", `{}`}, {"?id=a%00b", `{}`}, {"?id=%ff", `{}`}, {"?id=" + strings.Repeat("x", 256), `{}`},
		{"?id=%zz", `{}`}, {"?id=a;b", `{}`}, {"?id=a&id=b", `{}`},
		{"", `{"fedacct": "FRAOTH001EUS"}`}, {"", `{"pol": "919c352f-7e4f-5341-7c22-8423acf76b32"}`}, {"", `{"pol": 1}`},
	} {
		t.Run(c.query, func(t *testing.T) {
			a := h.uploadForm(ana, birthDocs+c.query, documentPart("bytes"), dataPart(c.data))
			a.WantError(t, http.StatusUnprocessableEntity)
			if t.Failed() {
				t.Fatalf("%.100s and %s", c.query, c.data)
			}
		})
	}
	h.wantCount(t, "2")
}

func TestTheLocationOfADocumentWorksWhateverItsID(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, id := range []string{`a b`, `100%`, `ñ☃?x=#y`, `"><img src=x onerror=alert(1)>`, `%2F`, strings.Repeat("ñ", 255), "a+b;c"} {
		a := h.Do(ana, http.MethodPost, birthDocs+"?id="+url.QueryEscape(id), "bytes of "+id).Want(t, http.StatusCreated)
		if got := h.Do(ana, http.MethodGet, a.Header.Get("Location"), "").Want(t, http.StatusOK).Text; got != "bytes of "+id {
			t.Errorf("%s: %s gave %.100s", id, a.Header.Get("Location"), got)
		}
	}
}

func TestTheHashOfADocumentIsFilledInOrMustBeRight(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	right := hashOf("bytes")
	for _, hash := range []any{strings.Repeat("0", 128), right[:64], "", 5, []string{right}, " " + right} {
		data, _ := json.Marshal(map[string]any{"hash": hash})
		h.uploadForm(ana, birthDocs, documentPart("bytes"), dataPart(string(data))).WantError(t, http.StatusUnprocessableEntity)
	}
	h.wantCount(t, "2")
	for id, sent := range map[string]any{"lower": right, "upper": strings.ToUpper(right), "null": nil} {
		t.Run(id, func(t *testing.T) {
			data, _ := json.Marshal(map[string]any{"id": id, "hash": sent})
			stored := h.data(h.uploadForm(ana, birthDocs, documentPart("bytes"), dataPart(string(data))).Want(t, http.StatusCreated))
			if hash, _ := stored["hash"].(string); !strings.EqualFold(hash, right) {
				t.Errorf("%v is stored as %v", sent, stored["hash"])
			}
		})
	}
}
