// SPDX-License-Identifier: GPL-3.0-or-later

package resource

// Organization gives an institution.
func Organization(institution Record) Resource {
	m := membersOf(institution.Data)
	return Resource{Type: "Organization", ID: ID(institution.ID), from: &origin{Record: institution}, fill: func(w *writer) {
		w.identifier(InstitutionSystem, institution.ID)
		writeActive(w, m)
		w.list("type", func() { w.concept("", nil, m.text("type")) })
		w.text("name", m.text("name"))
		w.list("address", func() { writeAddress(w, "", m["address"]) })
	}}
}
