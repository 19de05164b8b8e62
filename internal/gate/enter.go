// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// serveRoute hands a request to the row of its path and its method. An error becomes the
// reply here.
func (g *Gate) serveRoute(w http.ResponseWriter, r *http.Request) {
	ev := eventOf(r)
	route := g.routes.find(ev, r)
	if ev.face != Pages {
		g.allowOrigin(w, r)
	}
	if ev.face != Pages && isPreflight(r) { // of any path, and without credentials
		answerPreflight(w)
		return
	}

	if err := g.dispatch(route, w, r); err != nil {
		g.fail(w, r, err)
	}
}

// dispatch enters the row of the method. A form of another site is refused before: with it
// a browser sends the credentials that it remembers.
func (g *Gate) dispatch(found *route, w http.ResponseWriter, r *http.Request) error {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}

	switch {
	case eventOf(r).face == Pages && isForeign(r):
		return fed.Errorf(fed.Forbidden, "Forms of other sites are not taken.")
	case isCrossSite(r) && isFormLike(r):
		return fed.Errorf(fed.Forbidden, "Pages of other sites may write with Content-Type: application/json only.")
	case found == nil:
		return fed.Errorf(fed.NotFound, "There is nothing at this path.")
	case found.rows[method] != nil:
		return g.enter(found.rows[method], w, r)
	}

	w.Header().Set("Allow", found.allow)
	if method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}

	return fed.Errorf(fed.BadMethod, "This path takes %s only.", found.allow)
}

// enter lets a caller through to a row's handler, or not: it authenticates (401), then
// authorises (403). Nothing of the body is read before.
func (g *Gate) enter(row *Row, w http.ResponseWriter, r *http.Request) error {
	ev := eventOf(r)
	ev.Context = ev.timeout.start(ev.Context, g.options.Timeout)
	defer ev.timeout.end()

	c := &ev.caller
	wrongPurpose := ev.readPurpose(r)
	if row.Endpoint != access.Public {
		w.Header()["Cache-Control"] = noStore
		if err := g.authenticate(row, w, r, c); err != nil {
			return err
		}
		if err := g.authorise(row, w, r, c); err != nil {
			return err
		}
	}

	if wrongPurpose != nil {
		return wrongPurpose
	}
	if err := refuseEncoding(r); err != nil {
		return err
	}
	if err := refuseOverride(r); err != nil {
		return err
	}

	if err := g.tellWithheld(row, w, r, c); err != nil {
		return err
	}

	ev.replica, ev.writes = g.chooseReplica(r, c), !row.reads()
	g.setBodyTimeout(row.BodyTimeout, w, r)
	defer g.finish(c)

	if err := row.Handle(w, r, c); err != nil {
		return err
	}

	if !row.reads() && g.options.Written != nil {
		g.options.Written()
	}

	return nil
}

// finish releases the memory of a request, and counts the bytes that it has written.
func (g *Gate) finish(c *Caller) {
	if hold := c.event.memory; hold != nil {
		hold.Release()
	}
	g.countGrowth(c)
}

var noStore = []string{"no-store"}

// authenticate finds out whose credentials a request carries.
func (g *Gate) authenticate(row *Row, w http.ResponseWriter, r *http.Request, c *Caller) error {
	if row.Face == Pages {
		return g.options.Portal.Enter(row, w, r, c)
	}

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
func (g *Gate) authorise(row *Row, w http.ResponseWriter, r *http.Request, c *Caller) error {
	c.policy = g.policy.Load()
	if err := g.resolveSubject(row, w, r, c); err != nil {
		return err
	}

	c.Own = c.Subject == c.Account.ID || row.Subject == Nobody || row.Subject == OfFilter && c.Subject == ""

	if err := g.setActs(row, r, c); err != nil {
		return err
	}

	g.startAccessRecord(row, c)
	if err := g.checkGrants(row, c); err != nil {
		return err
	}
	return c.event.accessRecord.checkRecorder()
}

// setActs finds out whether the caller acts for the subject. Of persons about whom nothing was said the store knows that
// without a query.
func (g *Gate) setActs(row *Row, r *http.Request, c *Caller) (err error) {
	if c.Own || !Storable(c.Subject) || !row.reads() || g.options.Acts == nil {
		return nil
	}
	c.Acts, err = g.options.Acts(r.Context(), c.Account.ID, c.Subject)
	return err
}

// checkGrants refuses a caller who lacks one of a row's grants.
func (g *Gate) checkGrants(row *Row, c *Caller) error {
	if row.Endpoint != access.SignedIn && !c.May(row.granted(), row.Endpoint) {
		return c.Lacks(row.granted(), row.Endpoint)
	}

	for _, endpoint := range row.Besides {
		if !c.May(row.granted(), endpoint) {
			return c.Lacks(row.granted(), endpoint)
		}
	}

	return nil
}
