// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// AuthoriseHistory refuses a caller who may not read the history of such records: one role must
// grant the history and the record. A role that reaches all records shows deleted ones, too.
func AuthoriseHistory(c *Caller, endpoint access.Endpoint, query *store.HistoryQuery) error {
	reach := c.Reach(http.MethodGet, access.History, endpoint)
	if reach == access.NoRecords || reach == access.OwnRecords && !c.Own && !c.Acts {
		return fed.Errorf(fed.Forbidden, "Your roles do not allow this.")
	}
	query.Global = reach == access.AllRecords
	return nil
}
