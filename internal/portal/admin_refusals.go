// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"slices"

	"thalamus/internal/gate"
)

// shownRefusals is how many are shown: the most frequent ones.
const shownRefusals = 100

// getRefusals shows what accounts are refused again and again: a node that sends bad pages does not show
// its users that.
func (p accountAdmin) getRefusals(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	refusals := gate.Refusals(c)
	refusals = refusals[:min(shownRefusals, len(refusals))]

	var accounts []string
	for _, refused := range refusals {
		accounts = append(accounts, refused.Account)
	}
	slices.Sort(accounts)
	if err := c.RecordPersons(slices.Compact(accounts)); err != nil {
		return err
	}
	return p.reply(w, r, c, http.StatusOK, view{Template: "admin_refusals", Title: say("refusals.title"), Data: refusals})
}
