// SPDX-License-Identifier: GPL-3.0-or-later

package feed_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"thalamus/internal/testhub"
)

// A request at a locked table shows that the time of a request has passed.
func TestTheTimeOfALongPollIsNotTheRequestsTimeout(t *testing.T) {
	t.Parallel()
	h := liveHub(t, func(o *testhub.Options) { o.Timeout = 2 * time.Second })
	h.DB.Hold(`LOCK TABLE thalamus_links IN ACCESS EXCLUSIVE MODE`)
	stream := h.events(root, "since=now")
	var page feedPage
	var waiting sync.WaitGroup
	waiting.Go(func() { page = h.changes(root, "wait=60s&since=now") })
	h.awaitSubscribers(2)
	h.Do(root, "GET", "/people/"+ana[0]+"/links", "").Want(t, http.StatusServiceUnavailable)

	h.Do(root, "POST", "/institutions/NEW", `{}`).Want(t, http.StatusCreated)
	waiting.Wait()
	page.want(t, "create institution NEW")
	stream.want("create institution NEW")
}
