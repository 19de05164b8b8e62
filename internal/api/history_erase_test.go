// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
)

// follow reads the feed to its end, as a node does, and applies it to what it holds.
func (h *hub) follow(cursor string, held map[string]string) (end string) {
	h.T.Helper()
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
		a := h.Do(root, "GET", path, "").Want(h.T, http.StatusOK)
		if err := json.Unmarshal([]byte(a.Text), &page); err != nil {
			h.T.Fatalf("%v: %s", err, a.Text)
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
	h.T.Helper()
	all := map[string]string{}
	for _, row := range h.DB.Rows(`SELECT 'person ' || id, CASE WHEN jsonb_typeof(data) = 'object' THEN data - 'password' END::text FROM people
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
	h.Do(ana, "PATCH", laterPage, `{"n": 6}`).Want(t, 200)
	e, err := testdb.At(t, h.DB.URL).Erase(t.Context(), fed.Write{}, ana[0])
	if err != nil || e.People != 1 || e.Pages != 4 || e.Documents != 1 {
		t.Fatalf("%+v %v", e, err)
	}
	fromTheBeginning := map[string]string{}
	end := h.follow("", fromTheBeginning)
	if h.follow(middle, early) != end {
		t.Error("two followers end at different places")
	}
	for name, held := range map[string]map[string]string{"from the beginning": fromTheBeginning, "from the middle": early} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(h.holds(), held); diff != "" {
				t.Errorf("%s (-hub +follower)\n%s", name, diff)
			}
		})
	}
	h.Do(root, "POST", "/institutions/NEW", `{}`).Want(t, 201)
	if h.follow(end, early); early["institution NEW"] == "" {
		t.Error("a follower does not go on")
	}
}

func TestNoReplyTellsOfAnErasedPerson(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.laterLives()
	h.Do(ana, "GET", "/login", "").Want(t, 200)
	if _, err := testdb.At(t, h.DB.URL).Erase(t.Context(), fed.Write{}, ana[0]); err != nil {
		t.Fatal(err)
	}
	entries, a := h.history(root, "/people/ESPGNU777ORG/history")
	if diff := cmp.Diff([]string{"2 delete - <nil>"}, told(entries)); diff != "" || strings.Contains(a.Text, "Betz") {
		t.Errorf("%s: %s", a.Text, diff)
	}
	h.Do(root, "GET", "/people/ESPGNU777ORG?version=1", "").Want(t, 404)
	h.Do(root, "GET", laterPage+"?version=5", "").Want(t, 404)
	h.Do(cameron, "POST", "/people/ESPGNU777ORG", `{"name": "somebody else"}`).Want(t, 410)
	h.Do(root, "POST", "/people/ESPGNU777ORG", `{"name": "somebody else"}`).Want(t, 201)
	h.Do(cameron, "POST", laterPage, `{"id": "later"}`).Want(t, 410)
	h.Do(root, "GET", "/people/ESPGNU777ORG?version=3", "").Want(t, 200)
}
