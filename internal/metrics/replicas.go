// SPDX-License-Identifier: GPL-3.0-or-later

package metrics

import "github.com/prometheus/client_golang/prometheus"

var (
	reads           = counter("database_reads_total", "Requests that a replica may answer, by the server that they were given to.", "server")
	replicaRead     = gauge("database_replica_read", "1 if a replica is read, 0 if it is left out.", "server")
	replicaLag      = gauge("database_replica_lag_seconds", "How far it is behind the primary at most; asked once a second.", "server")
	replicaRepeated = counter("database_replica_repeated_total", "Statements that it could not answer, and the primary did.", "server")
)

// replicas shows nothing where none are configured.
func (m *Metrics) replicas(to chan<- prometheus.Metric) {
	each, primary := m.parts.DB.Replicas().Use()
	if len(each) == 0 {
		return
	}

	send(to, reads, primary, "primary")
	for _, one := range each {
		send(to, reads, one.Read, one.Server)
		send(to, replicaRead, oneIf(one.Reason == nil), one.Server)
		send(to, replicaRepeated, one.Repeated, one.Server)
		if one.Lag > 0 {
			send(to, replicaLag, one.Lag.Seconds(), one.Server)
		}
	}
}
