// SPDX-License-Identifier: GPL-3.0-or-later

package feed_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// A stream and a long poll are open while the book is closed.
func TestReadersOfTheFeedHearNothingOfABookThatIsClosedMeanwhile(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	author := h.Enrol("AUTHOR", "health_professional")
	page := func(id string) {
		h.Do(author, "POST", "/pols/"+ana[0]+"/"+id, `{"id": "`+id+`"}`).Want(t, http.StatusCreated)
	}
	page("before")
	now := h.Do(cameron, "GET", "/changes?since=now", "").Fields(t)["next"].(string)
	doctors, authors := h.events(cameron, "since="+now), h.events(author, "since="+now)
	polled := make(chan testhub.Answer)
	go func() { polled <- h.Do(cameron, "GET", "/changes?wait=60s&since="+now, "") }()

	h.DB.Exec(`INSERT INTO thalamus_consents (id, person, scope, who, effect) VALUES ('1', $1, '*', '*', 'deny'), ('2', $1, 'page:open', '*', 'permit')`, ana[0])
	page("closed")
	h.Do(author, "PATCH", "/pols/"+ana[0]+"/before", `{"n": 1}`).Want(t, http.StatusOK)
	page("open")

	if first := doctors.next(); first.ID != "open" {
		t.Errorf("the doctor is told of %s %s", first.Operation, first.ID)
	}
	for _, want := range []string{"closed", "before", "open"} {
		if told := authors.next(); told.ID != want {
			t.Errorf("the author is told of %s, want %s", told.ID, want)
		}
	}
	if told := (<-polled).Text; strings.Contains(told, "closed") || strings.Contains(told, "before") {
		t.Errorf("the poll tells of %s", told)
	}
}
