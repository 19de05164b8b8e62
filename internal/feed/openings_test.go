// SPDX-License-Identifier: GPL-3.0-or-later

package feed_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/testhub"
)

// open opens somebody's book as the doctor, and gives the opening's id.
func (h *hub) open(person string) (id string) {
	h.T.Helper()
	a := h.Do(cameron, "POST", "/people/"+person+"/emergency", `{"purpose": "ETREAT", "reason": "unconscious after an accident"}`)
	id, _ = a.Want(h.T, http.StatusCreated).Fields(h.T)["id"].(string)
	return id
}

// The patient hears it by a long poll and by a stream, of every server; the officer hears of everybody's.
func TestThePatientHearsThatHerBookWasOpened(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	second := h.secondServer()
	since := h.now(ana)
	streams := []*eventReader{h.events(ana, "resource=emergency&since=now"), second.events(ana, "resource=emergency&since=now"), second.events(root, "resource=emergency&since=now")}
	begun := second.changes(ana, "resource=emergency&since=now").Next // the poll may arrive behind the opening
	polled := make(chan testhub.Answer)
	go func() { polled <- second.Do(ana, "GET", "/changes?resource=emergency&wait=60s&since="+begun, "") }()
	h.Do(other, "GET", "/changes?resource=emergency", "").Want(t, http.StatusOK)

	id := h.open(ana[0])
	for _, stream := range streams {
		told := stream.next()
		if told.ID != id || told.Resource != "emergency" || told.Operation != "create" || *told.Person != ana[0] || *told.Account != cameron[0] ||
			!strings.Contains(string(told.Data), "unconscious after an accident") {
			t.Errorf("told of %+v", told)
		}
	}
	readPage(t, <-polled).want(t, "create emergency "+id)
	h.changes(ana, "since="+since).want(t)
}

func TestWhoIsToldOfOpenings(t *testing.T) {
	t.Parallel()
	h := smallHub(t)
	first, second := h.open(ana[0]), h.open(other[0])
	for _, c := range []struct {
		account []string
		query   string
		want    []string
	}{
		{ana, "", []string{first}}, {other, "", []string{second}}, {root, "", []string{first, second}}, {cameron, "", nil},
		{root, "&person=" + ana[0], []string{first}}, {root, "&limit=1", []string{first}}, {ana, "&person=" + ana[0], []string{first}},
	} {
		var got []string
		page := h.changes(c.account, "resource=emergency"+c.query)
		for _, change := range page.Changes {
			got = append(got, change.ID)
		}
		if !slices.Equal(got, c.want) || *page.More != (c.query == "&limit=1") {
			t.Errorf("%s%s: %q, more %v, want %q", c.account[0], c.query, got, *page.More, c.want)
		}
		if rest := h.changes(c.account, "resource=emergency"+c.query+"&since="+page.Next); len(c.want)+len(rest.Changes) > 2 || (len(rest.Changes) == 1) != *page.More {
			t.Errorf("%s%s goes on with %q", c.account[0], c.query, rest.kinds())
		}
	}
	h.Do(ana, "GET", "/changes?resource=emergency&person="+other[0], "").WantError(t, http.StatusForbidden)
	h.Do(nobody, "GET", "/changes?resource=emergency", "").WantError(t, http.StatusUnauthorized)
	h.Do(ana, "GET", "/changes?resource=emergency,page", "").WantError(t, http.StatusUnprocessableEntity)
	if bare := h.Do(root, "GET", "/changes?resource=emergency&data=none", ""); strings.Contains(bare.Text, "accident") {
		t.Errorf("without data: %s", bare.Text)
	}
}

// Readers who know five kinds of changes get the same replies to the byte, and no cursor of theirs moves.
func TestNobodyElsesFeedTellsOfAnOpening(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	accounts := [][]string{ana, other, cameron, root}
	replies := func() (all []string) {
		for _, account := range accounts {
			for _, query := range []string{"", "?since=now", "?limit=3", "?resource=person", "?person=" + account[0]} {
				all = append(all, h.Do(account, "GET", "/changes"+query, "").Want(t, http.StatusOK).Text)
			}
		}
		return all
	}
	before := replies()
	polled := make(chan testhub.Answer)
	go func() { polled <- h.Do(root, "GET", "/changes?since=now&wait=3s", "") }()
	stream := h.events(ana, "resource=emergency&since=now")
	h.open(ana[0])
	stream.next()
	if after := replies(); !slices.Equal(after, before) {
		t.Errorf("%q\nwere %q", after, before)
	}
	readPage(t, <-polled).want(t)
}

func TestCursorsOfOneFeedAreNotThoseOfTheOther(t *testing.T) {
	t.Parallel()
	h := smallHub(t)
	h.open(ana[0])
	openings, changes := h.changes(root, "resource=emergency").Next, h.changes(root, "").Next
	h.Do(root, "GET", "/changes?since="+openings, "").WantError(t, http.StatusGone)
	h.Do(root, "GET", "/changes?resource=emergency&since="+changes, "").WantError(t, http.StatusGone)
	h.DB.Exec(`UPDATE thalamus_emergencies SET id = 'another'`) // as after a recovery to an earlier time
	h.Do(root, "GET", "/changes?resource=emergency&since="+openings, "").WantError(t, http.StatusGone)

	none := h.changes(other, "resource=emergency").want(t).Next
	h.changes(other, "resource=emergency&since="+none).want(t)
}

// That a book was opened stays, without a word of why. Whoever has the id next is somebody else.
func TestOpeningsOfWhoIsErasedStayWithoutText(t *testing.T) {
	t.Parallel()
	h := smallHub(t)
	id := h.open(other[0])
	if _, err := h.DB.Erase(t.Context(), fed.Write{}, other[0]); err != nil {
		t.Fatal(err)
	}
	page := h.changes(root, "resource=emergency").want(t, "create emergency "+id)
	if data := string(page.Changes[0].Data); strings.Contains(data, "accident") || !strings.Contains(data, `"reason":""`) {
		t.Errorf("it has %s", data)
	}

	again := []string{other[0], "another password"}
	h.DB.Exec(`INSERT INTO people (id, data) VALUES ($1::text, jsonb_build_object('id', $1::text, 'roles', ARRAY['end_user'], 'password', $2::text))`, again[0], testhub.QuickHash(t, again[1]))
	h.changes(again, "resource=emergency").want(t)
	if list := h.Do(again, "GET", "/emergencies", "").Want(t, http.StatusOK).Items(t); len(list) > 0 {
		t.Errorf("she sees %s", list)
	}
}

func TestTheAccessRecordNamesThePersonsOfOpenings(t *testing.T) {
	t.Parallel()
	h, l := recordedHub(t)
	h.open(ana[0])
	l.Take()
	h.changes(root, "resource=emergency")
	if got := l.Persons(t); got != `["ESPGNU777ORG"]` {
		t.Errorf("a page names %s", got)
	}
	h.events(root, "resource=emergency&since=now")
	if got := l.Persons(t); got != `"all"` {
		t.Errorf("a stream names %s", got)
	}
}
