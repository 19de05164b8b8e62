// SPDX-License-Identifier: GPL-3.0-or-later

package feed_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// recordedHub is a live hub with an access record.
func recordedHub(t *testing.T) (*hub, *testhub.AccessRecord) {
	t.Helper()
	l := &testhub.AccessRecord{}
	return liveHub(t, func(o *testhub.Options) { o.Record = l }), l
}

func TestTheAccessRecordNamesThePersonsOfAPageOfChanges(t *testing.T) {
	t.Parallel()
	h, l := recordedHub(t)
	since := h.now(root)

	for _, path := range []string{"/people/NEW1", "/people/NEW2", "/institutions/HOSPITAL"} {
		h.Do(root, "POST", path, `{}`).Want(t, http.StatusCreated)
	}

	for range 2 {
		h.Do(root, "PATCH", "/people/NEW1", `{"a": 1}`).Want(t, http.StatusOK)
	}

	h.Do(root, "PATCH", "/people/"+ana[0], `{"a": 1}`).Want(t, http.StatusOK)
	l.Take()
	for _, c := range []struct {
		account             []string
		method, query, want string
	}{
		{cameron, "GET", "", `["NEW1","NEW2","ESPGNU777ORG"]`},
		{cameron, "GET", "&data=none", `["NEW1","NEW2","ESPGNU777ORG"]`},
		{cameron, "GET", "&limit=2", `["NEW1","NEW2"]`},
		{cameron, "GET", "&resource=institution", `[]`},
		{cameron, "GET", "&resource=page", `[]`},
		{cameron, "GET", "&person=NEW2", ``}, // the request itself names that person
		{cameron, "HEAD", "", ``},
		{ana, "GET", "", `["ESPGNU777ORG"]`},
		{other, "GET", "", `[]`},
	} {
		h.Do(c.account, c.method, "/changes?since="+since+c.query, "").Want(t, http.StatusOK)
		if got := l.Persons(t); got != c.want {
			t.Errorf("%s %s%s names %s, want %s", c.account[0], c.method, c.query, got, c.want)
		}
	}
}

func TestTheAccessRecordSaysOfWhomAnEventStreamMayTell(t *testing.T) {
	t.Parallel()
	h, l := recordedHub(t)
	for _, c := range []struct {
		account     []string
		query, want string
	}{
		{cameron, "since=now", `"all"`}, {cameron, "since=now&resource=page", `"all"`},
		{cameron, "since=now&resource=institution", `[]`}, {cameron, "since=now&person=" + ana[0], ``},
		{ana, "since=now", `["ESPGNU777ORG"]`}, {ana, "since=now&resource=institution", `[]`},
	} {
		h.events(c.account, c.query)
		if got := l.Persons(t); got != c.want {
			t.Errorf("%s %s names %s, want %s", c.account[0], c.query, got, c.want)
		}
	}
}

func TestAnEventStreamIsRecordedAgainWhenItsSubscriberMaySeeMore(t *testing.T) {
	t.Parallel()
	h, l := recordedHub(t)
	stream := h.events(ana, "since=now&resource=person")
	h.Do(root, "PATCH", "/people/"+ana[0], `{"roles": ["health_professional"]}`).Want(t, http.StatusOK)
	h.Feed.Recheck(ana[0]) // as the listener of account changes does
	h.Do(root, "POST", "/people/NEW1", `{}`).Want(t, http.StatusCreated)

	for range 2 {
		if _, err := stream.block(); err != nil {
			t.Fatal(err)
		}
	}

	got := strings.Join(strings.Fields(l.Persons(t)), " ") // the record of the PATCH may come anywhere, and has no list
	if want := `["ESPGNU777ORG"] "all"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
