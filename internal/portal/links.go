// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"

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
// under GET shows them.
var navigation = []struct {
	path, key string
	endpoint  access.Endpoint
}{
	{"/portal/", "nav.home", access.Login},
	{"/portal/book", "nav.book", access.Book},
	{"/portal/measurements", "nav.measurements", access.Book},
	{"/portal/new", "nav.new_page", access.Page},
	{"/portal/documents", "nav.documents", access.PersonalDocs},
	{"/portal/access", "nav.access", access.Access},
	{"/portal/sessions", "nav.sessions", access.SignedIn},
	{"/portal/password", "nav.password", access.SignedIn},
}

// administration lists those of the screens about everybody, with the grant that shows them if it
// reaches everybody.
var administration = []struct {
	path, key, method string
	endpoint          access.Endpoint
}{
	{"/portal/admin/accounts", "nav.accounts", http.MethodPatch, access.Roles},
}

// links are the entries for those who have signed in.
func links(r *http.Request, c *gate.Caller) (all []link) {
	if c.Account.ID == "" {
		return nil
	}

	for _, entry := range navigation {
		if entry.endpoint == access.SignedIn || c.Reach(http.MethodGet, entry.endpoint) != access.NoRecords {
			all = append(all, newLink(r, c, entry.path, entry.key))
		}
	}
	for _, entry := range administration {
		if c.Reach(entry.method, entry.endpoint) == access.AllRecords {
			all = append(all, newLink(r, c, entry.path, entry.key))
		}
	}
	return all
}

func newLink(r *http.Request, c *gate.Caller, path, key string) link {
	return link{path, say(key), r.URL.Path == c.Path()+path || r.URL.Path == path}
}
