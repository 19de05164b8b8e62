// SPDX-License-Identifier: GPL-3.0-or-later

package feed_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/feed"
	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

// cursors are that behind the first change of the feed, and that behind the last.
func (h *hub) cursors() (first, last string) {
	h.T.Helper()
	first, _ = h.Do(root, "GET", "/changes?limit=1", "").Want(h.T, http.StatusOK).Fields(h.T)["next"].(string)
	last, _ = h.Do(root, "GET", "/changes?since=now", "").Want(h.T, http.StatusOK).Fields(h.T)["next"].(string)
	return first, last
}

// noted writes how far each follower has read: to the end, or to which position.
func noted(db *testdb.DB) string {
	return db.Text(`SELECT COALESCE(string_agg(account || ' ' || CASE WHEN f.position = s.position THEN 'end' ELSE f.position::text END, ', ' ORDER BY account), '')
		FROM thalamus_followers AS f, thalamus_feed_state AS s`)
}

// A page counts as read when its reader comes back with its cursor: one who fails and asks again stands still.
func TestItIsNotedHowFarAFollowerHasRead(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.WatchHealth()
	first, last := h.cursors()
	note := feed.NewNotes(h.Feed)
	for _, step := range []struct {
		account []string
		query   string
		want    string
	}{
		{ana, "since=" + last, ""},
		{cameron, "", ""},
		{cameron, "since=now", ""},
		{cameron, "since=" + last + "&person=" + ana[0], ""},
		{cameron, "since=" + first, "1"},
		{cameron, "since=" + first, "1"},
		{cameron, "since=" + last, "end"},
		{cameron, "since=" + first, "end"},
	} {
		h.Do(step.account, "GET", "/changes?"+step.query, "").Want(t, http.StatusOK)
		note(t.Context())
		want := step.want
		if want != "" {
			want = cameron[0] + " " + want
		}
		if got := noted(h.DB); got != want {
			t.Errorf("after %s of %s it is noted that %q, want %q", step.query, step.account[0], got, want)
		}
	}
}

// What came from the reader's own node is in no page of such a reader, and is behind it nevertheless.
func TestAPageWithoutChangesIsReadAtOnce(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.WatchHealth()
	_, last := h.cursors()
	h.Do(cameron, "PATCH", "/pols/"+ana[0]+"/"+testhub.BirthPage, `{"modification_info": {"node": "N"}}`).Want(t, http.StatusOK)
	h.Do(cameron, "GET", "/changes?not_node=N&since="+last, "").Want(t, http.StatusOK)
	feed.NewNotes(h.Feed)(t.Context())
	if got := noted(h.DB); got != cameron[0]+" end" {
		t.Errorf("it is noted that %q", got)
	}
}

// silent makes all followers silent for an hour, and silence counts those that are silent.
func silent(db *testdb.DB) {
	db.Exec(`UPDATE thalamus_followers SET read = read - interval '1 hour'`)
}

func silence(db *testdb.DB) string {
	return db.Text(`SELECT COALESCE(string_agg(account, ' '), '') FROM thalamus_followers WHERE read < now() - interval '1 minute'`)
}

func TestAStreamHasReadWhatItWasSentAndIsNotSilentWhileItIsOpen(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	h.WatchHealth()
	first, _ := h.cursors()
	note := feed.NewNotes(h.Feed)
	stream := h.events(cameron, "since="+first)
	testdb.Await(t, "it is sent all", func() bool { note(t.Context()); return noted(h.DB) == cameron[0]+" end" })

	silent(h.DB)
	note(t.Context())
	if got := silence(h.DB); got != "" {
		t.Errorf("while the stream is open %s is silent", got)
	}
	_ = stream.Body.Close()
	testdb.Await(t, "it has left", func() bool { return h.Feed.Subscribers() == 0 })
	silent(h.DB)
	note(t.Context())
	note(t.Context())
	if got := silence(h.DB); got != cameron[0] {
		t.Errorf("afterwards %q is silent", got)
	}
}

// The account reads over both, and the database knows the furthest of it.
func TestSeveralServersNoteTheFurthest(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	h.WatchHealth()
	first, last := h.cursors()
	second := h.secondServer()
	second.WatchHealth()
	h.Do(cameron, "GET", "/changes?since="+last, "").Want(t, http.StatusOK)
	second.Do(cameron, "GET", "/changes?since="+first, "").Want(t, http.StatusOK)
	feed.NewNotes(h.Feed)(t.Context())
	feed.NewNotes(second.Feed)(t.Context())
	if got := noted(h.DB); got != cameron[0]+" end" {
		t.Errorf("it is noted that %q", got)
	}
}

// A database that can only be read is no fault; one that refuses is told of once.
func TestWhatCannotBeNotedIsNotToldAgainAndAgain(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.WatchHealth()
	first, _ := h.cursors()
	h.DB.Exec(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$`)
	standby := serve(t, testdb.At(t, h.DB.URL), "../../etc/roles.cfg", testhub.Cheap)
	standby.WatchHealth()
	testdb.Await(t, "it is known", func() bool { return standby.DB.Health(t.Context()).Answers && !standby.DB.LastHealth().Writes })
	h.DB.Exec(`ALTER TABLE thalamus_followers ADD CHECK (position < 0)`)
	for server, want := range map[*hub]int{standby: 0, h: 1} {
		note := feed.NewNotes(server.Feed)
		for range 3 {
			server.Do(cameron, "GET", "/changes?since="+first, "").Want(t, http.StatusOK)
			note(t.Context())
		}
		if got := strings.Count(server.Log.String(), "not noted"); got != want {
			t.Errorf("it is told %d times, want %d: %s", got, want, server.Log.String())
		}
	}
}
