// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// follow reads the feed to its end, as a node does, and applies it to what it holds.
func (h *hub) follow(cursor string, held map[string]string) (end string) {
	h.t.Helper()
	path := "/changes?limit=3"
	if cursor != "" {
		path += "&since=" + cursor
	}
	for {
		var page struct {
			Changes []struct {
				Cursor, Resource, ID, Operation string
				Data                            json.RawMessage
			}
			Next string
		}
		a := h.do(root, "GET", path, "").want(h.t, http.StatusOK)
		if err := json.Unmarshal([]byte(a.body), &page); err != nil {
			h.t.Fatalf("%v: %s", err, a.body)
		}
		for _, c := range page.Changes {
			if c.Operation == "delete" {
				delete(held, c.Resource+" "+c.ID)
			} else {
				held[c.Resource+" "+c.ID] = string(c.Data)
			}
		}
		if page.Next == cursor {
			return cursor
		}
		cursor = page.Next
		path = "/changes?limit=3&since=" + cursor
	}
}

// holds gives what a follower should hold.
func (h *hub) holds() map[string]string {
	h.t.Helper()
	all := map[string]string{}
	for _, row := range h.db.Rows(`SELECT 'person ' || id, CASE WHEN jsonb_typeof(data) = 'object' THEN data - 'password' END::text FROM people
		UNION ALL SELECT 'page ' || id, data::text FROM pols UNION ALL SELECT 'document ' || id, data::text FROM personal_docs
		UNION ALL SELECT 'unit ' || id, data::text FROM dus UNION ALL SELECT 'institution ' || id, data::text FROM institutions`) {
		key, _ := row[0].(string)
		text, ok := row[1].(string)
		if !ok {
			text = "null"
		}
		all[key] = text
	}
	return all
}

func TestAfterAnErasureEveryFollowerEndsWithWhatThereIs(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.laterLives()
	middle, early := "", map[string]string{}
	middle = h.follow(middle, early)
	h.do(ana, "PATCH", laterPage, `{"n": 6}`).want(t, 200)
	e, err := h.db.Erase(t.Context(), ana[0])
	if err != nil || e.People != 1 || e.Pages != 4 || e.Documents != 1 {
		t.Fatalf("%+v %v", e, err)
	}
	fromTheBeginning := map[string]string{}
	end := h.follow("", fromTheBeginning)
	if h.follow(middle, early) != end {
		t.Error("two followers end at different places")
	}
	for name, held := range map[string]map[string]string{"from the beginning": fromTheBeginning, "from the middle": early} {
		if diff := cmp.Diff(h.holds(), held); diff != "" {
			t.Errorf("%s (-hub +follower)\n%s", name, diff)
		}
	}
	h.do(root, "POST", "/institutions/NEW", `{}`).want(t, 201)
	if h.follow(end, early); early["institution NEW"] == "" {
		t.Error("a follower does not go on")
	}
}

func TestWhatTheServerTellsOfWhoWasErased(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.laterLives()
	h.do(ana, "GET", "/login", "").want(t, 200)
	if _, err := h.db.Erase(t.Context(), ana[0]); err != nil {
		t.Fatal(err)
	}
	entries, a := h.history(root, "/people/ESPGNU777ORG/history")
	if diff := cmp.Diff([]string{"2 delete - <nil>"}, told(entries)); diff != "" || strings.Contains(a.body, "Betz") {
		t.Errorf("%s: %s", a.body, diff)
	}
	h.do(root, "GET", "/people/ESPGNU777ORG?version=1", "").want(t, 404)
	h.do(root, "GET", laterPage+"?version=5", "").want(t, 404)
	h.do(cameron, "POST", "/people/ESPGNU777ORG", `{"name": "somebody else"}`).want(t, 410)
	h.do(root, "POST", "/people/ESPGNU777ORG", `{"name": "somebody else"}`).want(t, 201)
	h.do(cameron, "POST", laterPage, `{"id": "later"}`).want(t, 410)
	h.do(root, "GET", "/people/ESPGNU777ORG?version=3", "").want(t, 200)
}
