// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// serveRoute hands a request to the row of its path and its method, and is where its error
// becomes the reply.
func (g *Gate) serveRoute(w http.ResponseWriter, r *http.Request) {
	there := g.routes.find(eventOf(r), r)
	g.allowOrigin(w, r)
	if isPreflight(r) { // which every path answers, and to everybody
		answerPreflight(w)
		return
	}
	if err := g.dispatch(there, w, r); err != nil {
		g.fail(w, r, err)
	}
}

// dispatch enters the row of the method. A form of another site does not come so far: with
// it a browser sends the credentials that it remembers.
func (g *Gate) dispatch(there *route, w http.ResponseWriter, r *http.Request) error {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	switch {
	case isCrossSite(r) && isFormLike(r):
		return fed.Errorf(fed.Forbidden, "Pages of other sites may write with Content-Type: application/json only.")
	case there == nil:
		return fed.Errorf(fed.NotFound, "There is nothing at this path.")
	case there.rows[method] != nil:
		return g.enter(there.rows[method], w, r)
	}
	w.Header().Set("Allow", there.allow)
	if method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return fed.Errorf(fed.BadMethod, "This path takes %s only.", there.allow)
}

// enter lets a caller through to a row's handler, or not: first who it is (401),
// then what the roles allow (403). Nothing of the body is read before.
func (g *Gate) enter(row *Row, w http.ResponseWriter, r *http.Request) error {
	ev := eventOf(r)
	ev.Context = ev.timeout.start(ev.Context, g.options.Timeout)
	defer ev.timeout.end()
	c := &ev.caller
	if row.Endpoint != access.Public {
		w.Header()["Cache-Control"] = noStore
		if err := g.authenticate(r, c); err != nil {
			return err
		}
		if err := g.authorise(row, r, c); err != nil {
			return err
		}
	}
	if err := refuseEncoding(r); err != nil {
		return err
	}
	if err := refuseOverride(r); err != nil {
		return err
	}

	g.setBodyTimeout(row.BodyTimeout, w, r)
	defer g.finish(c)
	err := row.Handle(w, r, c)
	if err == nil && row.Method != http.MethodGet && g.options.Written != nil {
		g.options.Written()
	}
	return err
}

// finish gives back what a request held, and counts what it has written.
func (g *Gate) finish(c *Caller) {
	if hold := c.event.memory; hold != nil {
		hold.Release()
	}
	g.countGrowth(c)
}

var noStore = []string{"no-store"}

// authenticate finds out whose credentials a request carries.
func (g *Gate) authenticate(r *http.Request, c *Caller) error {
	id, password, ok := credentials(r)
	if !ok {
		return fed.Errorf(fed.Unauthenticated, "no credentials that can be read")
	}
	account, err := g.options.Verifier.Verify(r.Context(), c.From, id, password)
	if err != nil {
		return err
	}
	c.Account = account
	return nil
}

// authorise asks the roles file, as it is now, for the caller's grant.
func (g *Gate) authorise(row *Row, r *http.Request, c *Caller) error {
	c.policy = g.policy.Load()
	if err := g.resolveSubject(row.Subject, r, c); err != nil {
		return err
	}
	c.Own = c.Subject == c.Account.ID || row.Subject == Nobody || row.Subject == OfFilter && c.Subject == ""
	g.startAccessRecord(row, c)
	if !c.May(row.Method, row.Endpoint) {
		return c.Lacks(row.Method, row.Endpoint)
	}
	return c.event.accessRecord.checkRecorder()
}
