// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"thalamus/internal/access"
	"thalamus/internal/gate"
)

// Rows are those of the route table that the portal answers. HEAD needs no row.
func (p *Portal) Rows() []gate.Row {
	return []gate.Row{
		screen("GET", "/portal", access.Public, gate.Nobody, p.getRoot),
		screen("GET", "/portal/static/{file}", access.Public, gate.Nobody, p.getStatic),
		screen("GET", "/portal/sign-in", access.Public, gate.Nobody, p.getSignIn),
		screen("POST", "/portal/sign-in", access.Public, gate.Nobody, p.postSignIn),
		screen("POST", "/portal/sign-out", access.SignedIn, gate.Nobody, p.postSignOut),
		screen("POST", "/portal/language", access.SignedIn, gate.Nobody, p.postLanguage),
		screen("GET", "/portal/", access.Login, gate.OfCaller, p.getHome),
	}
}

// screen is a row. Bodies are forms, which are small; a row that takes documents sets
// another BodyTimeout.
func screen(method, pattern string, endpoint access.Endpoint, subject gate.Subject, handle gate.Handler) gate.Row {
	return gate.Row{
		Method: method, Pattern: pattern, Endpoint: endpoint, Subject: subject, Face: gate.Pages,
		BodyTimeout: gate.ShortBody, Handle: handle,
	}
}
