// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"slices"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/gate"
)

// link is an entry of the navigation.
type link struct {
	Path    string
	Text    message
	Current bool
}

// navigation lists the screens that the navigation leads to, with the endpoint whose grant
// under GET shows them. Those about oneself are in the way of whoever looks for others and has no
// role of a patient's.
var navigation = []struct {
	path, key string
	endpoint  access.Endpoint
	own       bool
}{
	{"/portal/", "nav.home", access.Login, false},
	{"/portal/people", "nav.people", access.People, false},
	{"/portal/book", "nav.book", access.Book, true},
	{"/portal/measurements", "nav.measurements", access.Book, true},
	{"/portal/new", "nav.new_page", access.Page, true},
	{"/portal/documents", "nav.documents", access.PersonalDocs, true},
	{"/portal/summary", "nav.summary", access.Book, true},
	{"/portal/access", "nav.access", access.Access, true},
	{"/portal/consents", "nav.consents", access.Consents, true},
	{"/portal/statistics", "nav.statistics", access.Statistics, false},
	{"/portal/sessions", "nav.sessions", access.SignedIn, false},
	{"/portal/password", "nav.password", access.SignedIn, false},
}

// grant is the right to do something with the records of everybody.
type grant struct {
	method   string
	endpoint access.Endpoint
}

// administration lists those of the screens about everybody, with the grants that show them. A
// professional's roles reach the feed, too, but followers interest those who look after accounts.
var administration = []struct {
	path, key string
	grants    []grant
}{
	{"/portal/admin/accounts", "nav.accounts", []grant{{http.MethodPatch, access.Roles}}},
	{"/portal/admin/duplicates", "nav.duplicates", []grant{{http.MethodPost, access.Links}}},
	{"/portal/admin/refusals", "nav.refusals", []grant{{http.MethodPatch, access.Roles}}},
	{"/portal/admin/followers", "nav.followers", []grant{{http.MethodGet, access.Changes}, {http.MethodPatch, access.Roles}}},
	{"/portal/admin/emergencies", "nav.emergencies", []grant{{http.MethodGet, access.Emergencies}, {http.MethodPatch, access.Emergencies}}},
	{"/portal/admin/access", "nav.access_search", []grant{{http.MethodGet, access.Access}}},
}

// links are the entries for those who have signed in.
func links(r *http.Request, c *gate.Caller) (all []link) {
	if c.Account.ID == "" {
		return nil
	}

	patient := c.Policy().Personal(c.Account.Roles) || c.Reach(http.MethodGet, access.People) == access.NoRecords
	for _, entry := range navigation {
		granted := entry.endpoint == access.SignedIn || c.Reach(http.MethodGet, entry.endpoint) != access.NoRecords
		if granted && (patient || !entry.own) {
			all = append(all, newLink(r, c, entry.path, entry.key))
		}
	}
	for _, entry := range administration {
		lacks := func(g grant) bool { return c.Reach(g.method, g.endpoint) != access.AllRecords }
		if !slices.ContainsFunc(entry.grants, lacks) {
			all = append(all, newLink(r, c, entry.path, entry.key))
		}
	}
	return all
}

func newLink(r *http.Request, c *gate.Caller, path, key string) link {
	return link{path, say(key), r.URL.Path == c.Path()+path || r.URL.Path == path}
}

// about is the way to the screens of the person whom a page is about.
type about struct {
	Person string
	Links  []link
}

// personNavigation lists the screens of a person that each of them leads to, with the grant that shows them.
var personNavigation = []struct {
	path, key, method string
	endpoint          access.Endpoint
}{
	{"", "about.person", http.MethodGet, access.Person},
	{"book", "about.book", http.MethodGet, access.Book},
	{"measurements", "about.measurements", http.MethodGet, access.Book},
	{"new", "about.new_page", http.MethodPost, access.Page},
	{"documents", "about.documents", http.MethodGet, access.PersonalDocs},
	{"summary", "nav.summary", http.MethodGet, access.Book},
	{"access", "about.access", http.MethodGet, access.Access},
	{"consents", "about.consents", http.MethodGet, access.Consents},
}

// aboutPerson leads to the other screens of the person of the path; nil: it is no path about one.
func aboutPerson(r *http.Request, c *gate.Caller) *about {
	if !strings.HasPrefix(formPath(r, c), "/portal/people/") {
		return nil
	}

	a := &about{Person: c.Subject}
	for _, entry := range personNavigation {
		segments := []string{"portal", "people", c.Subject}
		if entry.path != "" {
			segments = append(segments, entry.path)
		}
		path := inPortal(c, segments)
		if c.May(entry.method, entry.endpoint) {
			a.Links = append(a.Links, link{path, say(entry.key), formPath(r, c) == path})
		}
	}
	return a
}
