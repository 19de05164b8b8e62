// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"slices"

	"thalamus/internal/access"
	"thalamus/internal/gate"
)

// Rows are those of the route table that the portal answers. HEAD needs no row.
func (p *Portal) Rows() []gate.Row {
	return slices.Concat(
		[]gate.Row{screen("GET", "/portal/static/{file}", access.Public, gate.Nobody, p.getStatic)},
		accounts{p}.rows(), people{p}.rows(), books{p}.rows(), resets{p}.rows(), accountAdmin{p}.rows(), duplicateAdmin{p}.rows(), accessAdmin{p}.rows(), followerAdmin{p}.rows(), pageForms{p}.rows(), measurements{p}.rows(), documents{p}.rows(), accesses{p}.rows(), consents{p}.rows(), emergencies{p}.rows(), statistics{p}.rows(),
		summaries{p}.rows(),
	)
}

func (p accounts) rows() []gate.Row {
	return []gate.Row{
		screen("GET", "/portal", access.Public, gate.Nobody, p.getRoot),
		screen("GET", "/portal/sign-in", access.Public, gate.Nobody, p.getSignIn),
		screen("POST", "/portal/sign-in", access.Public, gate.Nobody, p.postSignIn),
		screen("POST", "/portal/sign-out", access.SignedIn, gate.Nobody, p.postSignOut),
		screen("POST", "/portal/language", access.SignedIn, gate.Nobody, p.postLanguage),
		screen("GET", "/portal/sessions", access.SignedIn, gate.Nobody, p.getSessions),
		screen("POST", "/portal/sessions", access.SignedIn, gate.Nobody, p.postSessions),
		screen("GET", "/portal/password", access.SignedIn, gate.OfCaller, p.getPassword),
		screen("POST", "/portal/password", access.Password, gate.OfCaller, p.postPassword),
	}
}

func (p people) rows() []gate.Row {
	return []gate.Row{
		screen("GET", "/portal/people", access.People, gate.Nobody, p.getPeople),
		screen("GET", "/portal/people/{person}", access.Person, gate.OfPath, p.getPerson),
	}
}

func (p books) rows() []gate.Row {
	return slices.Concat(
		[]gate.Row{screen("GET", "/portal/", access.Login, gate.OfCaller, p.getHome)},
		personScreens("GET", "book", access.Book, p.getBook),
		personScreens("GET", "page/{page}", access.Page, p.getPage),
	)
}

func (p pageForms) rows() []gate.Row {
	return slices.Concat(
		personScreens("GET", "new", access.Page, p.getNewPage),
		drafted(personScreens("POST", "new", access.Page, p.postNewPage)),
		personScreens("GET", "page/{page}/edit", access.Page, p.getEditPage),
		drafted(granted(http.MethodPatch, personScreens("POST", "page/{page}/edit", access.Page, p.postEditPage))),
	)
}

func (p measurements) rows() []gate.Row {
	return slices.Concat(
		personScreens("GET", "measurements", access.Book, p.getMeasurements),
		personScreens("GET", "measurements.csv", access.Book, p.getMeasurementsCSV),
	)
}

func (p documents) rows() []gate.Row {
	return slices.Concat(
		[]gate.Row{screen("GET", "/portal/download", access.Person, gate.OfCaller, p.getDownload)},
		personScreens("GET", "documents", access.PersonalDocs, p.getDocuments),
		personScreens("GET", "document/{page}/{document}", access.Document, p.getDocument),
		personScreens("GET", "page/{page}/documents", access.PolDocs, p.getDocuments),
		longBodies(personScreens("POST", "page/{page}/documents", access.PolDocs, p.postDocument)),
	)
}

func (p summaries) rows() []gate.Row {
	rows := slices.Concat(
		personScreens("GET", "summary", access.Person, p.getSummary),
		personScreens("GET", "summary.json", access.Person, p.getSummaryJSON),
	)
	for i := range rows {
		rows[i].Besides = []access.Endpoint{access.Book}
	}
	return rows
}

func (p accesses) rows() []gate.Row {
	return personScreens("GET", "access", access.Access, p.getAccess)
}

func (p accountAdmin) rows() []gate.Row {
	const one = "/portal/admin/accounts/{person}"
	return granted(http.MethodPatch, slices.Concat(
		[]gate.Row{
			screen("GET", "/portal/admin/accounts", access.Roles, gate.Everybody, p.getAccounts),
			screen("GET", "/portal/admin/refusals", access.Roles, gate.Everybody, p.getRefusals),
			screen("GET", "/portal/admin/new-account", access.Roles, gate.Everybody, p.getNewAccount),
			screen("GET", one, access.Roles, gate.OfPath, p.getAccount),
			screen("POST", one+"/roles", access.Roles, gate.OfPath, p.postRoles),
			screen("POST", one+"/active", access.Roles, gate.OfPath, p.postActive),
			screen("POST", one+"/link", access.Roles, gate.OfPath, p.postLink),
		},
		drafted([]gate.Row{screen("POST", "/portal/admin/new-account", access.Roles, gate.Everybody, p.postNewAccount)}),
	))
}

// personScreens are the two rows of a screen about a person: of the caller, and of anybody
// whom the caller's roles reach.
func personScreens(method, path string, endpoint access.Endpoint, handle gate.Handler) []gate.Row {
	return []gate.Row{
		screen(method, "/portal/"+path, endpoint, gate.OfCaller, handle),
		screen(method, "/portal/people/{person}/"+path, endpoint, gate.OfPath, handle),
	}
}

// granted are rows that need the grant of another method than theirs: a form sends POST only.
func granted(method string, rows []gate.Row) []gate.Row {
	for i := range rows {
		rows[i].Grant = method
	}
	return rows
}

// drafted are rows of forms without files, which are kept when they come after the end of the
// session.
func drafted(rows []gate.Row) []gate.Row {
	for i := range rows {
		rows[i].Draft = true
	}
	return rows
}

// longBodies makes rows take documents.
func longBodies(rows []gate.Row) []gate.Row {
	for i := range rows {
		rows[i].BodyTimeout = gate.LongBody
	}
	return rows
}

// screen is a row. Bodies are forms, which are small; a row that takes documents sets
// another BodyTimeout.
func screen(method, pattern string, endpoint access.Endpoint, subject gate.Subject, handle gate.Handler) gate.Row {
	return gate.Row{
		Method: method, Pattern: pattern, Endpoint: endpoint, Subject: subject, Face: gate.Pages,
		BodyTimeout: gate.ShortBody, Handle: handle,
	}
}
