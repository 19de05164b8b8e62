// SPDX-License-Identifier: GPL-3.0-or-later

package metrics

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"thalamus/internal/limit"
)

var (
	inFlight = gauge("http_requests_in_flight", "Requests under way, event streams and long polls too.")
	held     = gauge("http_requests_held", "Requests that wait for a database that is away, or was not there yet.")
	repeated = counter("http_refusals_repeated_total", "Requests that an account was refused at least twice before, in the same way and for the same reason: "+
		"its software does not show it.", "route", "status")

	budgetBytes   = gauge("budget_bytes", "Bytes that requests share: of memory, for bodies and lists; of disk, for documents on their way in.", "budget")
	budgetTaken   = gauge("budget_taken_bytes", "Bytes of these that are taken.", "budget")
	budgetWaiting = gauge("budget_waiting", "Requests that wait for some of these bytes.", "budget")
	budgetRefused = counter("budget_refused_total", "Requests that got none of these bytes in time: 503.", "budget")
)

func (m *Metrics) requests(to chan<- prometheus.Metric) {
	load := m.parts.Gate.Load()
	send(to, inFlight, load.InFlight)
	send(to, held, m.parts.Stage.HeldRequests()+int64(m.parts.DB.ConnectionUse().Held))
	for refused, count := range load.Repeated {
		send(to, repeated, count, refused.Route, strconv.Itoa(refused.Status))
	}

	sendBudget(to, "memory", load.Memory)
	sendBudget(to, "spool", m.parts.Inbox.Spool())
}

func sendBudget(to chan<- prometheus.Metric, name string, used limit.Usage) {
	send(to, budgetBytes, used.Bytes, name)
	send(to, budgetTaken, used.Taken, name)
	send(to, budgetWaiting, used.Waiting, name)
	send(to, budgetRefused, used.Refused, name)
}
