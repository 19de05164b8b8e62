// SPDX-License-Identifier: GPL-3.0-or-later

package metrics_test

import (
	"io"
	"net/http"
	"testing"

	"thalamus/internal/testhub"
)

// The hub of these tests publishes nothing by itself.
func TestChangesThatAreNotInTheFeedAreItsLag(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`UPDATE thalamus_changes SET time = now() - interval '1 hour'`)
	h.start()
	h.await("thalamus_feed_lag_seconds", func(lag float64) bool { return lag >= 3600 })
}

func TestAFeedThatHasAllDoesNotLag(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	if err := h.parts.DB.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.start()
	h.want(map[string]float64{"thalamus_feed_lag_seconds": 0})
}

func TestReadersOfTheFeedAreCountedByKind(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	stream := h.read(cameron, "since=now", "text/event-stream")
	poll := h.read(ana, "since=now&wait=60s", "")
	h.want(map[string]float64{
		`thalamus_feed_subscribers{kind="stream"}`: 1, `thalamus_feed_subscribers{kind="long_poll"}`: 1, `thalamus_feed_subscribers{kind="page"}`: 0,
	})

	end := h.DB.Hold(`LOCK TABLE thalamus_changes IN ACCESS EXCLUSIVE MODE`)
	page := h.read(root, "", "")
	h.want(map[string]float64{`thalamus_feed_subscribers{kind="page"}`: 1})
	end("ROLLBACK")
	<-page
	h.Feed.EndSubscriptions()
	<-stream
	<-poll
	h.want(map[string]float64{
		`thalamus_feed_subscribers{kind="stream"}`: 0, `thalamus_feed_subscribers{kind="long_poll"}`: 0, `thalamus_feed_subscribers{kind="page"}`: 0,
	})
}

// read reads the feed, and says when that has ended.
func (h *hub) read(account []string, query, accept string) (ended <-chan struct{}) {
	done := make(chan struct{})
	r := h.Request(account, http.MethodGet, "/changes?"+query, "")
	r.Header.Set("Accept", accept)
	go func() {
		defer close(done)
		reply, err := testhub.Client.Do(r)
		if err != nil {
			return
		}
		defer reply.Body.Close()
		_, _ = io.Copy(io.Discard, reply.Body)
	}()
	return done
}

func TestAFollowerThatDoesNotComeBackFallsBehind(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	next, _ := h.Do(cameron, "GET", "/changes?since=now", "").Want(t, 200).Fields(t)["next"].(string)
	h.want(map[string]float64{"thalamus_feed_followers": 0})
	h.Do(cameron, "GET", "/changes?since="+next, "").Want(t, 200)
	h.want(map[string]float64{"thalamus_feed_followers": 1, "thalamus_feed_follower_lag_seconds": 0})

	h.Feed.Published(nil)
	h.await("thalamus_feed_follower_lag_seconds", positive)
	h.Do(cameron, "GET", "/changes?since="+next, "").Want(t, 200)
	h.want(map[string]float64{"thalamus_feed_followers": 1, "thalamus_feed_follower_lag_seconds": 0})
}
