// SPDX-License-Identifier: GPL-3.0-or-later

package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"thalamus/internal/auth"
)

var (
	logins = counter("logins_total", "Logins by outcome, one with each request that has credentials: right, wrong, throttled (429), "+
		"or failed (neither, as the queue or the database had no time).", "outcome")
	loginQueue  = gauge("login_queue_length", "Logins and new passwords that wait for bcrypt.")
	cacheHits   = counter("login_cache_hits_total", "Logins that a cache has spared something: passwords a comparison, accounts a question to the database.", "cache")
	cacheMisses = counter("login_cache_misses_total", "Logins that it has not.", "cache")
)

func (m *Metrics) logins(to chan<- prometheus.Metric) {
	load := m.parts.Verifier.Load()
	send(to, logins, load.Right, "right")
	send(to, logins, load.Wrong, "wrong")
	send(to, logins, load.Throttled, "throttled")
	send(to, logins, load.Failed, "failed")
	send(to, loginQueue, load.Queue)

	for name, hits := range map[string]auth.CacheHits{"passwords": load.Passwords, "accounts": load.Accounts} {
		send(to, cacheHits, hits.Hits, name)
		send(to, cacheMisses, hits.Misses, name)
	}
}
