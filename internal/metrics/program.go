// SPDX-License-Identifier: GPL-3.0-or-later

package metrics

import (
	"runtime"

	"github.com/prometheus/client_golang/prometheus"
)

var (
	build   = gauge("build_info", "1, with the versions of the hub and of Go.", "version", "goversion")
	ready   = gauge("ready", "1 while the hub wants requests: its database was there, and it is not about to stop.")
	expires = gauge("certificate_expiry_timestamp_seconds", "When the certificate ends, in seconds since 1970. There is none without TLS.")
)

func (m *Metrics) program(to chan<- prometheus.Metric) {
	send(to, build, 1, m.parts.Version, runtime.Version())
	send(to, ready, oneIf(m.parts.Stage.Unready() == nil))
	if m.parts.Certs != nil {
		send(to, expires, m.parts.Certs.Expires().Unix())
	}
}
