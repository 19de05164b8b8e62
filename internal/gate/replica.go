// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"
	"strings"
)

// chooseReplica gives the replica that a request may read, from 1 on, or 0 for the primary: one that
// reads, for the first time. A list goes on at the primary, where nothing is older than what the client
// has; so does a client who says which version that is, and whatever is about a person about whom there are statements.
func (g *Gate) chooseReplica(r *http.Request, c *Caller) int {
	if g.options.Replicas == nil || !isReading(r.Method) || goesOn(r) {
		return 0
	}
	return g.options.Replicas.ChooseFor(c.Account.ID, c.Subject)
}

// conditions are headers with which a client names a version that it has.
var conditions = []string{"If-Match", "If-None-Match", "If-Range"}

// goesOn reports whether a request goes on from what another reply has given. Cursors are parameters whose
// names end in "after".
func goesOn(r *http.Request) bool {
	for _, name := range conditions {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	return strings.Contains(r.URL.RawQuery, "after=")
}

// noteWriter has the account of a request that wrote read the primary, until a replica has what it wrote:
// from before its reply on.
func (ev *event) noteWriter() {
	if ev.writes {
		ev.caller.gate.options.Replicas.Wrote(ev.caller.Account.ID)
	}
}
