// SPDX-License-Identifier: GPL-3.0-or-later

package feed_test

import (
	"testing"
	"time"

	"thalamus/internal/testdb"
)

// Of a health professional's roles every record can be read; of an end user's, the own ones.
func TestAFollowerReadsTheChangesOfEverybodyByACursor(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	next, _ := h.Do(cameron, "GET", "/changes?since=now", "").Want(t, 200).Fields(t)["next"].(string)
	for _, step := range []struct {
		account []string
		query   string
		want    int
	}{
		{ana, "since=" + next, 0},
		{ana, "since=" + next + "&wait=1ms", 0},
		{cameron, "", 0},
		{cameron, "since=now", 0},
		{cameron, "since=" + next + "&person=" + ana[0], 0},
		{cameron, "since=now&wait=1ms", 1},
		{root, "since=" + next, 2},
		{root, "since=" + next, 2},
	} {
		h.Do(step.account, "GET", "/changes?"+step.query, "").Want(t, 200)
		if got := h.Feed.Load(time.Now()).Followers; got != step.want {
			t.Errorf("after %s of %s there are %d followers, want %d", step.query, step.account[0], got, step.want)
		}
	}
}

func TestAStreamWithoutNewsStaysAFollower(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	const days = 25 * time.Hour
	h.events(cameron, "since=now")
	testdb.Await(t, "it has read the first page", func() bool { return h.Feed.Load(time.Now()).Followers == 1 })

	if got := h.Feed.Load(time.Now().Add(days)); got.Followers != 1 || got.Streams != 1 {
		t.Errorf("while it is open: %+v", got)
	}
	h.Do(root, "GET", "/changes?since=now&wait=1ms", "").Want(t, 200)
	if got := h.Feed.Load(time.Now().Add(days)); got.Followers != 1 {
		t.Errorf("one that has left long ago is a follower still: %+v", got)
	}
}
