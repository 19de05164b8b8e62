// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"thalamus/internal/gate"
)

// readNext reads where a browser is to go next: a path of the portal with its query, without
// the prefix of this hub. Anything else leads to the home page.
func readNext(text string) string {
	next, err := url.Parse(text)
	if err != nil || next.Scheme != "" || next.Host != "" || next.Opaque != "" || strings.Contains(text+next.Path, `\`) {
		return gate.PortalPath
	}

	clean := path.Clean(next.Path)
	if strings.HasSuffix(next.Path, "/") {
		clean += "/"
	}
	if clean != next.Path || !strings.HasPrefix(next.Path, gate.PortalPath) {
		return gate.PortalPath
	}

	next.Fragment, next.RawFragment = "", ""
	return next.String()
}

// here is the path and the query of a request, without the prefix of this hub.
func here(r *http.Request, c *gate.Caller) string {
	return strings.TrimPrefix(r.URL.RequestURI(), c.Path())
}

// seeOther sends a browser to a page of the portal.
func seeOther(w http.ResponseWriter, c *gate.Caller, next string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Location", c.Path()+next)
	w.WriteHeader(http.StatusSeeOther)
}
