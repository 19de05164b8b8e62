// SPDX-License-Identifier: GPL-3.0-or-later

package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"thalamus/internal/store"
)

var (
	connections = gauge("database_connections", "Open connections to the database, of requests and of the loops beside them (reserved).", "pool", "state")
	mostConns   = gauge("database_connections_max", "Connections that there may be at most.", "pool")
	acquired    = counter("database_acquires_total", "How often a connection was taken.", "pool")
	waits       = counter("database_waits_total", "How often a connection was waited for, or made.", "pool")
	waitSeconds = counter("database_wait_seconds_total", "How long connections were waited for.", "pool")

	laneSlots   = gauge("database_lane_slots", "Connections that one kind of work may use at a time.", "lane")
	laneUsed    = gauge("database_lane_used", "Connections that it uses.", "lane")
	laneWaiting = gauge("database_lane_waiting", "Requests that wait for one of its connections.", "lane")
)

func (m *Metrics) connections(to chan<- prometheus.Metric) {
	use := m.parts.DB.ConnectionUse()
	sendPool(to, "requests", use.Requests)
	sendPool(to, "reserved", use.Reserved)

	for _, lane := range use.Lanes {
		send(to, laneSlots, lane.Slots, lane.Name)
		send(to, laneUsed, lane.Used, lane.Name)
		send(to, laneWaiting, lane.Waiting, lane.Name)
	}
}

func sendPool(to chan<- prometheus.Metric, name string, use store.PoolUse) {
	send(to, connections, use.Used, name, "used")
	send(to, connections, use.Idle, name, "idle")
	send(to, mostConns, use.Most, name)
	send(to, acquired, use.Acquired, name)
	send(to, waits, use.Waited, name)
	send(to, waitSeconds, use.WaitTime.Seconds(), name)
}
