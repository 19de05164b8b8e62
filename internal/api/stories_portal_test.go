// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

const portalOrigin = "https://portal.example.org"

// axios is the portal's request: a preflight of the browser, then itself.
func axios(h *hub, method, path, body string) testhub.Answer {
	h.T.Helper()
	asked := "authorization"
	headers := []string{"Origin", portalOrigin, "Sec-Fetch-Site", "cross-site", "Accept", "application/json, text/plain, */*"}
	if body != "" {
		asked += ",content-type"
		headers = append(headers, "Content-Type", "application/json")
	}
	preflight := h.DoWith(nobody, "OPTIONS", path, "", "Origin", portalOrigin, "Sec-Fetch-Site", "cross-site",
		"Access-Control-Request-Method", method, "Access-Control-Request-Headers", asked).Want(h.T, http.StatusNoContent)
	for _, check := range [][2]string{{"Access-Control-Allow-Methods", method}, {"Access-Control-Allow-Headers", asked}} {
		allowed := strings.Split(strings.ToLower(preflight.Header.Get(check[0])), ", ")
		for word := range strings.SplitSeq(strings.ToLower(check[1]), ",") {
			if !slices.Contains(allowed, word) {
				h.T.Errorf("the preflight of %s %s: %s does not have %s", method, path, check[0], word)
			}
		}
	}
	a := h.DoWith(root, method, path, body, headers...)
	for _, reply := range []testhub.Answer{preflight, a} {
		if origin := reply.Header.Get("Access-Control-Allow-Origin"); origin != "*" && origin != portalOrigin {
			h.T.Errorf("%s %s: the browser keeps the reply from the portal (%q)", reply.Request.Method, path, origin)
		}
	}
	return a
}

func TestThePortalListsAndAddsPeople(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	if a := axios(h, "GET", "/login", "").Want(t, http.StatusOK); a.Text != "true" {
		t.Errorf("GET /login answers %s", a.Text)
	}
	if ids := portalIDs(h); !slices.Contains(ids, ana[0]) || slices.Contains(ids, "ESPPOR777TAL") {
		t.Errorf("the portal lists %v", ids)
	}
	a := axios(h, "POST", "/people/esppor777tal", `{"gender":"m","name":"Paul","lastname":"Porter","password":"portal pass",
		"roles":"end_user, health_professional","dob":"1970-01-01","active":true,"deceased":false}`).Want(t, http.StatusCreated)
	exposed := strings.Split(a.Header.Get("Access-Control-Expose-Headers"), ", ")
	for _, name := range []string{"Location", "X-Request-Id"} {
		if !slices.Contains(exposed, name) || a.Header.Get(name) == "" {
			t.Errorf("the portal cannot read the reply's %s", name)
		}
	}
	if !slices.Contains(portalIDs(h), "ESPPOR777TAL") {
		t.Error("the portal does not list whom it added")
	}
	stored := h.DB.Text(`SELECT (data - 'password')::text FROM people WHERE id = 'ESPPOR777TAL'`)
	want := map[string]any{
		"id": "ESPPOR777TAL", "gender": "m", "name": "Paul", "lastname": "Porter", "dob": "1970-01-01", "active": true,
		"deceased": false, "roles": []any{"end_user", "health_professional"},
	}
	if diff := cmp.Diff(any(want), decode(t, stored)); diff != "" {
		t.Errorf("stored (-want +got)\n%s", diff)
	}
	h.Do([]string{"ESPPOR777TAL", "portal pass"}, "GET", "/people", "").Want(t, http.StatusOK)
}

// portalIDs reads person[0].id, as the portal does.
func portalIDs(h *hub) (ids []string) {
	h.T.Helper()
	var people [][]struct{ ID string }
	a := axios(h, "GET", "/people", "").Want(h.T, http.StatusOK)
	if err := json.Unmarshal([]byte(a.Text), &people); err != nil {
		h.T.Fatal(err)
	}
	for _, person := range people {
		ids = append(ids, person[0].ID)
	}
	return ids
}
