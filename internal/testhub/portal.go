// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"thalamus/internal/store"
)

// SessionLimits are those of the sessions of test hubs.
var SessionLimits = store.SessionLimits{Idle: 30 * time.Minute, Longest: 12 * time.Hour}

// Browser is somebody who has signed in to the portal, as a browser sends requests. It follows
// no redirect. The zero Cookie is nobody's.
type Browser struct {
	Hub    *Hub
	Cookie string // "name=value"
}

// SignIn signs an account in with the form.
func (h *Hub) SignIn(account []string) Browser {
	h.T.Helper()
	b := Browser{Hub: h}
	if account == nil {
		return b
	}

	reply := b.Post("/portal/sign-in", "account", account[0], "password", account[1]).Want(h.T, http.StatusSeeOther)
	for _, cookie := range reply.Cookies() {
		b.Cookie = cookie.Name + "=" + cookie.Value
	}
	return b
}

// Get asks for a page.
func (b Browser) Get(path string) Answer {
	b.Hub.T.Helper()
	return b.Do(http.MethodGet, path, "")
}

// Post sends a form: name, value, name, value...
func (b Browser) Post(path string, fields ...string) Answer {
	b.Hub.T.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return b.Do(http.MethodPost, path, form.Encode())
}

// Do sends a request of the hub's own pages.
func (b Browser) Do(method, path, form string) Answer {
	b.Hub.T.Helper()
	headers := []string{"Sec-Fetch-Site", "same-origin", "Accept", "text/html,*/*;q=0.8"}
	if form != "" {
		headers = append(headers, "Content-Type", "application/x-www-form-urlencoded")
	}
	if b.Cookie != "" {
		headers = append(headers, "Cookie", b.Cookie)
	}
	return b.Hub.DoWith(nil, method, path, form, headers...)
}

// Lead gives where a redirect leads to.
func (a Answer) Lead() string { return strings.TrimSpace(a.Header.Get("Location")) }
