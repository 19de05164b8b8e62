// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"time"
	_ "time/tzdata" // for machines that have no zones
)

// Location is the zone.
func (f FHIR) Location() *time.Location {
	zone, err := time.LoadLocation(f.Zone)
	if err != nil {
		return time.UTC // Load has refused it
	}
	return zone
}

// checkClock takes a time of day, or none.
func (l *loader) checkClock() {
	clock := l.cfg.Portal.Duplicates
	_, err := time.Parse("15:04", clock)
	l.require(clock == "" || err == nil, "portal.duplicates", "%q is no time of day; write one like 03:30", clock)
}

func (l *loader) checkZone() {
	zone := l.cfg.FHIR.Zone
	_, err := time.LoadLocation(zone)
	l.require(err == nil && zone != "" && zone != "Local", "fhir.zone", "%q is no zone; write UTC, or a city like Europe/Madrid", zone)
}
