// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"thalamus/internal/gate"
)

// fuzzRequest is what is sent.
type fuzzRequest struct {
	as      fuzzCaller
	method  string
	target  string // path and query, as they are written
	headers []string
	body    string
	session string // the cookie, "" if there is none: then the caller has a password
}

// String shows the request as it can be sent again.
func (r fuzzRequest) String() string {
	by := "by password"
	if r.session != "" {
		by = "by session"
	}
	return fmt.Sprintf("%s %s as %s %s %q, body %q", r.method, r.target, r.as.title, by, r.headers, r.body)
}

// request makes a request for a row of the route table, or for a target that an earlier
// reply named.
func (w *fuzzWorld) request(c *chance) (r fuzzRequest) {
	row := pick(c, w.rows...)
	if c.oneIn(3) {
		row = pick(c, w.adding...)
	}
	r.as, r.method = pick(c, w.accounts...), row.Method
	if c.oneIn(6) {
		r.as = pick(c, w.strangers...)
	}
	place := w.place(c, r.as)
	r.target = w.path(c, row, place) + query(c, row.Method)
	if len(w.targets) > 0 && c.oneIn(15) && row.Pattern != "/people/{person}" { // a page may have a password, and shows it
		r.target = pick(c, w.targets...)
	}
	if c.oneIn(10) {
		r.method = pick(c, "GET", "HEAD", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "PUT", "TRACE", "BREW")
	}

	w.identify(c, &r)
	contentType := ""
	if isOfPages(r.target) && r.method == http.MethodPost && !c.oneIn(6) {
		w.submit(c, &r)
		return r
	}
	if r.method == http.MethodPost || r.method == http.MethodPatch || c.oneIn(20) {
		r.body, contentType = w.body(c, row, place)
	}
	r.headers = w.headers(c, contentType)
	return r
}

// identify gives a request to a page the session of its caller. Now and then somebody shows the
// session where a password is asked for, which lets nobody in.
func (w *fuzzWorld) identify(c *chance, r *fuzzRequest) {
	if isOfPages(r.target) {
		r.session = w.sessions[r.as.id]
		return
	}
	if c.oneIn(30) {
		r.session = w.sessions[r.as.id]
		r.as = fuzzCaller{title: "nobody, but for a session of " + r.as.title}
	}
}

// place says what stands in a path: mostly records that belong together, and to the
// caller.
func (w *fuzzWorld) place(c *chance, as fuzzCaller) map[string]string {
	home, away := pick(c, w.places...), pick(c, w.places...)
	for _, own := range w.places {
		if own["person"] == as.id && c.oneIn(2) {
			home = own
		}
	}
	place := map[string]string{}
	for _, name := range []string{"person", "other", "page", "document", "unit", "institution"} {
		place[name] = home[name]
		switch c.below(12) {
		case 0:
			place[name] = away[name]
		case 1, 2:
			place[name] = fmt.Sprintf("%s-%d", strings.ToUpper(name), c.below(3))
		}
	}
	if place["other"] == home["other"] {
		place["other"] = away["person"]
	}
	return place
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// path fills a row's pattern in. A name that only a later route has gets any id.
func (w *fuzzWorld) path(c *chance, row gate.Row, place map[string]string) string {
	path := placeholder.ReplaceAllStringFunc(row.Pattern, func(name string) string {
		id, known := place[strings.Trim(name, "{}")]
		if !known {
			id = pick(c, place["person"], place["page"], place["document"], place["unit"])
		}
		return spelling(c, id)
	})
	if c.oneIn(40) {
		path += pick(c, "/", "//", "/..", "/history", "/links", ";a=b", "%2F", "%00")
	}
	return path
}

// spelling writes an id into a path, now and then in an odd way.
func spelling(c *chance, id string) string {
	if !c.oneIn(8) {
		return url.PathEscape(id)
	}
	odd := pick(c, strings.ToLower(id), strings.ToUpper(id), id+" ", " "+id, id+"\x00", id+"\u202e", "\uff21"+id, "..", ".", "%",
		"\xff\xfe", id+"/"+id, strings.Repeat(id, 40), "ÑANDÚ001", "NULLDATA1", "ARRDATA1", "EMPTYDATA1", string(c.some(8)))
	return url.PathEscape(odd)
}
