// SPDX-License-Identifier: GPL-3.0-or-later

package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"thalamus/internal/store"
)

var (
	emergenciesOpened     = counter("emergencies_opened_total", "Books that were opened in an emergency, by all hubs of the database; asked once a minute.")
	emergenciesOpen       = gauge("emergencies_open", "Books that are open in an emergency; asked once a minute.")
	emergenciesUnreviewed = gauge("emergencies_unreviewed", "Openings that no privacy officer has looked at; asked once a minute.")
	emergenciesOldest     = gauge("emergencies_unreviewed_seconds", "Age of the oldest of these, 0 if there is none; asked once a minute.")
)

func sendEmergencies(to chan<- prometheus.Metric, c store.EmergencyCounts) {
	send(to, emergenciesOpened, c.Opened)
	send(to, emergenciesOpen, c.Open)
	send(to, emergenciesUnreviewed, c.Unreviewed)
	send(to, emergenciesOldest, c.Oldest.Seconds())
}
