// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// accessRequest is what the query of a list of accesses asks for.
type accessRequest struct {
	store.AccessQuery
	gate.Paging
}

var accessParameters = gate.Paged(func(q *accessRequest) *gate.Paging { return &q.Paging },
	gate.NewParameter("from", "from"+pageTimeRule, func(q *accessRequest, value string) (ok bool) {
		q.From, _, ok = parsePageTime(value)
		return ok
	}).With(pageTimeSchema),
	gate.NewParameter("to", "to"+pageTimeRule, func(q *accessRequest, value string) (ok bool) {
		_, q.To, ok = parsePageTime(value)
		return ok
	}).With(pageTimeSchema),
	gate.NewParameter("others", "others must be 1.", func(q *accessRequest, value string) bool {
		q.Others = true
		return value == "1"
	}).With(gate.Enum("1")),
)

// getAccess answers with the accesses to a person, the newest first: [[{access}],...]. A record that
// is not indexed is said to be so: an empty list would say that nobody has read anything.
func (h *people) getAccess(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	person := c.Subject
	asked, err := accessParameters.Read(r, accessRequest{Paging: gate.PagingAt(c, "people", person, "access")})
	if err != nil {
		return err
	}

	if err := checkPeriod(asked.From, asked.To); err != nil {
		return err
	}
	if !c.AccessIndexed() {
		return fed.Errorf(fed.NotFound, "This hub writes its access record to where it cannot be asked; its administrator can tell who has read what.")
	}

	asked.Person = person
	keyset := store.Keyset[store.AccessKey]{Limit: asked.Limit, More: func(last store.AccessKey) { asked.Link(w, last.Format()) }}
	if asked.After != nil {
		after, ok := store.ParseAccessKey(*asked.After)
		if !ok {
			return gate.WrongAfter()
		}
		keyset.After = &after
	}

	auditor := reachesAll(c, access.Access)
	return c.WriteAsked(w, r, func(l *gate.List) error {
		return h.db.For(c.Reader()).Accesses(r.Context(), asked.AccessQuery, keyset, l, func(a store.Access) error {
			return l.Add([]byte("["), gate.AppendAccess(nil, a, auditor), []byte("]"))
		})
	})
}
