// SPDX-License-Identifier: GPL-3.0-or-later

// Package access authorises requests by the roles of their account. It is pure: a roles
// file goes in, a Policy comes out, and a Policy only answers questions.
package access

import "slices"

// Endpoint is the name under which a roles file grants a resource.
type Endpoint string

// The endpoints of this server. Public stands for a resource that needs no grant, SignedIn
// for one that is only about the caller's own session; no roles file grants either.
const (
	Public            Endpoint = ""
	SignedIn          Endpoint = "*"
	Login             Endpoint = "login"
	People            Endpoint = "people"
	Person            Endpoint = "person"
	Book              Endpoint = "book"
	Page              Endpoint = "page"
	PersonalDocs      Endpoint = "personaldocs"
	PolDocs           Endpoint = "poldocs"
	Document          Endpoint = "document"
	DomiciliaryUnits  Endpoint = "domiciliaryunits"
	DomiciliaryUnit   Endpoint = "domiciliaryunit"
	Institutions      Endpoint = "institutions"
	Institution       Endpoint = "institution"
	Password          Endpoint = "password"
	Changes           Endpoint = "changes"
	History           Endpoint = "history"
	Matches           Endpoint = "matches"
	Links             Endpoint = "links"
	Statistics        Endpoint = "statistics"
	Consents          Endpoint = "consents"    // what persons say about who may read their books
	Emergency         Endpoint = "emergency"   // opening a book that is withheld
	Emergencies       Endpoint = "emergencies" // which were opened, and what was found
	Proxies           Endpoint = "proxies"     // saying who acts for somebody, under POST
	Access            Endpoint = "access"      // the access record, of whoever has read about a person
	Roles             Endpoint = "roles"       // account administration, under PATCH
	administratorRole          = "root"        // administers accounts if no role has that grant
)

// Endpoints lists every endpoint that a roles file may grant.
func Endpoints() []Endpoint {
	return []Endpoint{
		Login, People, Person, Book, Page, PersonalDocs, PolDocs, Document,
		DomiciliaryUnits, DomiciliaryUnit, Institutions, Institution, Password, Changes, History,
		Matches, Links, Access, Statistics, Consents, Emergency, Emergencies, Proxies, Roles,
	}
}

// grants are the permissions of one entry of a roles file.
type grants struct {
	methods map[string][]Endpoint
	global  bool // reaches every person's paths, not only the caller's own
}

// allow reports whether the entry grants method on endpoint; see Policy.Allow for own.
func (g grants) allow(method string, endpoint Endpoint, own bool) bool {
	return (g.global || own && !ofEverybody(endpoint)) && slices.Contains(g.methods[method], endpoint)
}

// ofEverybody reports whether an endpoint shows a second person whatever the path, opens another's book, lets
// somebody act for another, or administers accounts: it counts only in a role with global.
func ofEverybody(endpoint Endpoint) bool {
	return endpoint == Matches || endpoint == Links || endpoint == Emergency || endpoint == Proxies || endpoint == Roles
}

// Policy is the content of one roles file. It does not change once parsed: any number of
// goroutines may use it.
type Policy struct {
	roles          map[string][]grants
	administrators []string // names
}

// Allow reports whether one of the roles grants method on endpoint. own says
// that the path needs no global reach: it names the caller, or no person. Matches, Links,
// Emergency, Proxies and Roles need global reach always.
func (p *Policy) Allow(roles []string, method string, endpoint Endpoint, own bool) bool {
	return p.any(roles, func(g grants) bool { return g.allow(method, endpoint, own) })
}

// Administers reports whether one of the roles may change the roles and the
// active state of accounts: the grant "roles" under PATCH of a global role.
func (p *Policy) Administers(roles []string) bool {
	return p.Allow(roles, "PATCH", Roles, false)
}

// AllowActing reports whether one of the roles grants to read an endpoint of a person for whom the account
// acts: as of the own person, but for what that person says about others, and for the password.
func (p *Policy) AllowActing(roles []string, endpoint Endpoint) bool {
	read := []Endpoint{Person, Book, Page, PersonalDocs, PolDocs, Document, History, Changes, Access, Emergencies}
	return slices.Contains(read, endpoint) && p.Allow(roles, "GET", endpoint, true)
}

// OpensBooks reports whether any role may open a book in an emergency, whatever is withheld of it.
func (p *Policy) OpensBooks() bool { return p.Allow(p.Roles(), "POST", Emergency, false) }

// Global reports whether one of the roles reaches every person's paths.
func (p *Policy) Global(roles []string) bool {
	return p.any(roles, func(g grants) bool { return g.global })
}

// Personal reports whether one of the roles reaches the own paths only: that of somebody whose own
// records are here.
func (p *Policy) Personal(roles []string) bool {
	return p.any(roles, func(g grants) bool { return !g.global })
}

func (p *Policy) any(roles []string, holds func(grants) bool) bool {
	for _, role := range roles {
		if slices.ContainsFunc(p.roles[role], holds) {
			return true
		}
	}
	return false
}

// Roles lists the names of the roles that the file defines, sorted.
func (p *Policy) Roles() []string {
	names := make([]string, 0, len(p.roles))
	for name := range p.roles {
		names = append(names, name)
	}

	slices.Sort(names)
	return names
}

// Unknown gives those of the names that the file does not define, each once, sorted.
func (p *Policy) Unknown(names []string) (unknown []string) {
	for _, name := range names {
		if _, defined := p.roles[name]; !defined {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return slices.Compact(unknown)
}

// Administrators lists the roles that may change roles and active, sorted. Callers must not
// change the list.
func (p *Policy) Administrators() []string { return p.administrators }

// findAdministrators finds them once, because each write uses them.
func (p *Policy) findAdministrators() {
	p.administrators = slices.DeleteFunc(p.Roles(), func(role string) bool { return !p.Administers([]string{role}) })
}

// hasAdministrator reports whether any role administers accounts.
func (p *Policy) hasAdministrator() bool {
	return p.Administers(p.Roles())
}

// makeRootAdministrator adds the grant "roles" to the entries of the role root.
func (p *Policy) makeRootAdministrator() {
	for i := range p.roles[administratorRole] {
		g := p.roles[administratorRole][i]
		g.methods["PATCH"] = append(g.methods["PATCH"], Roles)
	}
}
