// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package feed_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"thalamus/internal/feed"
	"thalamus/internal/testdb"
)

// collect reads a stream until its end; it counts heartbeats and gives events.
func (e *eventReader) collect(beats *atomic.Int64) <-chan string {
	got := make(chan string, 100)
	go func() {
		defer close(got)
		for {
			block, err := e.block()
			if err != nil {
				return
			}
			if strings.HasPrefix(block, ":") {
				beats.Add(1)
				continue
			}

			_, data, _ := strings.Cut(block, "\ndata: ")
			got <- data
		}
	}()

	return got
}

const minHeartbeats = 100 // more than can be under way when they are counted

func TestSubscribersOutlastAnOutageOfTheDatabase(t *testing.T) {
	t.Parallel()
	cluster := testdb.NewCluster(t)
	h := publish(smallHubOn(t, cluster.New()), nil)
	feed.SetTimeouts(h.Feed, time.Millisecond, time.Minute)
	since := h.now(root)
	var beats atomic.Int64
	stream := h.events(root, "resource=institution&since="+since).collect(&beats)
	var page feedPage
	var waiting sync.WaitGroup
	waiting.Go(func() { page = h.changes(root, "wait=60s&resource=unit&since="+since) })
	h.awaitSubscribers(2)
	h.DB.Exec(`INSERT INTO institutions (id, data) VALUES ('before', '{}')`)
	cluster.Stop()
	testdb.Await(t, "the outage is known", func() bool { return h.DB.OutageEnd() != nil })
	h.Feed.Recheck("")
	from := beats.Load()
	testdb.Await(t, "there are heartbeats", func() bool { return beats.Load() > from+minHeartbeats })
	cluster.Start()
	h.DB.Exec(`INSERT INTO institutions (id, data) VALUES ('after', '{}')`)
	h.DB.Exec(`INSERT INTO dus (id, data) VALUES ('u', '{}')`)

	for _, id := range []string{"before", "after"} {
		if got, open := <-stream; !open || !strings.Contains(got, `"id":"`+id+`"`) {
			t.Errorf("got %q, want %s", got, id)
		}
	}

	waiting.Wait()
	page.want(t, "create unit u")
}

func TestAnEventStreamGoesOnAfterTheDatabaseCouldNotAnswer(t *testing.T) {
	t.Parallel()
	h := liveHub(t)
	feed.SetTimeouts(h.Feed, time.Millisecond, time.Minute)
	var beats atomic.Int64
	stream := h.events(root, "resource=institution&since="+h.now(root)).collect(&beats)
	release := h.DB.Hold(`LOCK TABLE institutions IN ACCESS EXCLUSIVE MODE; INSERT INTO institutions (id, data) VALUES ('i', '{}')`)
	h.Feed.Published(nil)
	h.DB.AwaitWaiting(1)
	from := beats.Load()
	testdb.Await(t, "there are heartbeats beside a query", func() bool { return beats.Load() > from+minHeartbeats })
	h.DB.Text(`SELECT bool_and(pg_cancel_backend(pid))::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	release("COMMIT")

	if got := <-stream; !strings.Contains(got, `"id":"i"`) {
		t.Errorf("got %q", got)
	}
}
