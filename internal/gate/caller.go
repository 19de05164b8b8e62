// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"slices"

	"thalamus/internal/access"
	"thalamus/internal/auth"
	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/web"
)

// Caller is the account that makes a request, with its rights and the person whom the
// request is about, as they were when the request came in.
type Caller struct {
	Account fed.Account // zero where everybody may ask
	From    netip.Addr
	Request string // the request's id
	Subject string // stored id of the person that the request is about; "" if it is about nobody
	Spelled string // the same as the request has it
	Own     bool   // the request is about the caller, or about nobody
	Acts    bool   // the caller acts for the subject: reads as that person would

	WebSession store.Session // of a caller of the portal

	policy *access.Policy // one for the whole request: no two roles files are mixed
	gate   *Gate
	event  *event
}

// May reports whether the caller's roles allow method on an endpoint, of the person
// that the request is about.
func (c *Caller) May(method string, endpoint access.Endpoint) bool {
	return c.policy.Allow(c.Account.Roles, method, endpoint, c.Own) ||
		c.Acts && method == http.MethodGet && c.policy.AllowActing(c.Account.Roles, endpoint)
}

// Administers reports whether the caller may change roles and active.
func (c *Caller) Administers() bool { return c.policy.Administers(c.Account.Roles) }

// Policy is the roles file by which the request is answered.
func (c *Caller) Policy() *access.Policy { return c.policy }

// Global reports whether one of the caller's roles reaches every person's paths.
func (c *Caller) Global() bool { return c.policy.Global(c.Account.Roles) }

// Reach tells how far the caller's roles reach with method where that takes the grants
// of all these endpoints; see access.Policy.Reach.
func (c *Caller) Reach(method string, endpoints ...access.Endpoint) access.Reach {
	return c.policy.Reach(c.Account.Roles, method, endpoints...)
}

// Reader is the caller as the store's reader.
func (c *Caller) Reader() fed.Reader {
	return fed.Reader{Account: c.Account.ID, Replica: c.event.replica}
}

// Param gives a part of the path as the client meant it.
func (c *Caller) Param(name string) string {
	text := c.event.routing.URLParam(name)
	plain, err := url.PathUnescape(text)
	if err != nil {
		return text
	}
	return plain
}

// SetParam replaces a part of the path by what it stands for, for the handler and the access record.
func (c *Caller) SetParam(name, text string) {
	params := &c.event.routing.URLParams
	if i := slices.Index(params.Keys, name); i >= 0 {
		params.Values[i] = url.PathEscape(text)
	}
}

// Session is the caller's login, for a request that lasts.
func (c *Caller) Session(r *http.Request) *auth.Session {
	id, password, _ := credentials(r)
	return c.gate.options.Verifier.Session(c.From, id, password)
}

// Renewed is the caller as an account, the roles file and what lets the account act for the subject are now, for a
// request that lasts.
func (c *Caller) Renewed(ctx context.Context, account fed.Account) (now Caller, err error) {
	now = *c
	now.Account, now.policy = account, c.gate.policy.Load()
	if c.Acts {
		now.Acts, err = c.gate.options.Acts(ctx, account.ID, c.Subject)
	}
	return now, err
}

// Site is this hub as pages for people say it.
func (c *Caller) Site() web.Site {
	site := c.gate.options.Site
	site.Prefix = c.event.prefix
	return site
}

// Rows is the whole route table, of all faces.
func (c *Caller) Rows() []Row { return c.gate.rows }

// Note writes an error to the log that the reply does not have.
func (c *Caller) Note(err error) { c.event.err = err }
