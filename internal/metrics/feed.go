// SPDX-License-Identifier: GPL-3.0-or-later

package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

var (
	subscribers = gauge("feed_subscribers", "Requests of /changes under way: event streams, long polls and pages.", "kind")
	followers   = gauge("feed_followers", "Accounts that follow the changes of everybody: within the last day they have come to the end of the feed by a cursor.")
	followerLag = gauge("feed_follower_lag_seconds", "Since when the follower that is furthest behind has not read to the end of the feed.")
)

func (m *Metrics) feed(to chan<- prometheus.Metric) {
	load := m.parts.Feed.Load(time.Now())
	send(to, subscribers, load.Streams, "stream")
	send(to, subscribers, load.LongPolls, "long_poll")
	send(to, subscribers, load.Pages, "page")
	send(to, followers, load.Followers)
	send(to, followerLag, load.Lag.Seconds())
}
