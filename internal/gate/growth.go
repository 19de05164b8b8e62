// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"context"
	"net/http"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

const (
	growthWindow      = time.Hour
	maxGrowthAccounts = 10_000 // that are counted at a time
)

// growth is what a request may add to the database, and what it has added.
type growth struct {
	reserved int64 // 0: nobody stops the caller, or nothing is written
	added    int64
}

// reserveGrowth lets a caller write, unless the account has made the database grow by
// MaxGrowth within an hour, history included: a patch of nine bytes keeps all of the
// record as it was. Who may write for others is only warned of: what a hospital's
// node is refused may be lost.
func (c *Caller) reserveGrowth(r *http.Request, endpoint access.Endpoint) error {
	g, growth := c.gate, &c.event.growth
	if growth.reserved > 0 || c.Global() {
		return nil
	}
	planned := g.maxGrowth(r.Method, endpoint)
	for {
		wait, ended := g.growthQuota.Begin(c.Account.ID, planned, time.Now())
		switch {
		case wait > 0:
			return &fed.Error{Kind: fed.TooMany, Wait: wait, Msg: "This account has written as much as it may within an hour; try again later."}
		case ended == nil:
			growth.reserved = planned
			return nil
		}
		select {
		case <-ended:
		case <-r.Context().Done():
			return &fed.Error{Kind: fed.Unavailable, Msg: "Other writes of this account take long; try again.", Err: context.Cause(r.Context())}
		}
	}
}

// maxGrowth is what a request may add at most: a patch writes the record anew and
// keeps what it was, a document's deletion keeps the bytes.
func (g *Gate) maxGrowth(method string, endpoint access.Endpoint) int64 {
	most := g.options.MaxBody
	if method == http.MethodPatch {
		most += g.options.MaxBody
	}
	if endpoint == access.Document {
		most += g.options.MaxDocument
	}
	return most
}

// countGrowth counts what a request has added.
func (g *Gate) countGrowth(c *Caller) {
	id, growth := c.Account.ID, c.event.growth
	switch {
	case growth.reserved > 0:
		g.growthQuota.End(id, growth.reserved, growth.added, time.Now())
	case growth.added > 0 && g.growthQuota.Add(id, growth.added, time.Now()):
		g.options.Log.Warn("an account has written more within an hour than others may", "account", id, "max_growth", g.options.MaxGrowth)
	}
}
