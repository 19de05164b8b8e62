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
	maxGrowthAccounts = 10_000 // counted at a time
)

// growth is the bytes that a request may add to the database, and those that it has added.
type growth struct {
	reserved int64 // 0: the caller has no limit, or nothing is written
	added    int64
}

// reserveGrowth lets a caller write, unless the account has made the database grow by
// MaxGrowth within an hour, history included: a patch of nine bytes keeps all of the record
// as it was. A caller who may write for others is not refused, and the log warns of it: a
// write that a hospital's node is refused may be lost.
func (c *Caller) reserveGrowth(r *http.Request, endpoint access.Endpoint) error {
	g, growth := c.gate, &c.event.growth
	if growth.reserved > 0 || c.Global() {
		return nil
	}

	reserved := g.maxGrowth(r.Method, endpoint)
	for {
		wait, ended := g.growthQuota.Begin(c.Account.ID, reserved, time.Now())
		switch {
		case wait > 0:
			return &fed.Error{Kind: fed.TooMany, Wait: wait, Msg: "This account has written as much as it may within an hour; try again later."}
		case ended == nil:
			growth.reserved = reserved
			return nil
		}

		select {
		case <-ended:
		case <-r.Context().Done():
			return &fed.Error{Kind: fed.Unavailable, Msg: "Other writes of this account take long; try again.", Err: context.Cause(r.Context())}
		}
	}
}

// maxGrowth is the bytes that a request may add at most: a patch writes the record anew and
// keeps the old one, a document's deletion keeps the bytes.
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

// countGrowth counts the bytes that a request has added.
func (g *Gate) countGrowth(c *Caller) {
	id, growth := c.Account.ID, c.event.growth
	if growth.reserved > 0 {
		g.growthQuota.End(id, growth.reserved, growth.added, time.Now())
		return
	}
	if growth.added <= 0 {
		return
	}

	passed := g.growthQuota.Add(id, growth.added, time.Now())
	if passed {
		g.options.Log.Warn("an account has written more within an hour than others may", "account", id, "max_growth", g.options.MaxGrowth)
	}
}
