// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import "regexp"

// house is what every domiciliary unit is.
var house = []Coding{{physicalType, "ho", "House"}}

// Location gives a domiciliary unit. Its household is not told.
func Location(unit Record) Resource {
	m := membersOf(unit.Data)
	return Resource{Type: "Location", ID: ID(unit.ID), from: &origin{Record: unit}, fill: func(w *writer) {
		w.identifier(UnitSystem, unit.ID)
		w.text("name", m.text("name"))
		w.text("description", m.text("desc"))
		w.code("mode", "instance")
		writeAddress(w, "address", m["address"])
		w.concept("physicalType", house, "")
		writePosition(w, m["lon"], m["lat"])
	}}
}

var decimalForm = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,2})(\.[0-9]{1,15})?$`)

func writePosition(w *writer, longitude, latitude []byte) {
	if !decimalForm.Match(longitude) || !decimalForm.Match(latitude) {
		return
	}
	w.object("position", func() {
		w.number("longitude", string(longitude))
		w.number("latitude", string(latitude))
	})
}
