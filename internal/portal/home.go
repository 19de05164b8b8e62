// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"

	"thalamus/internal/gate"
)

// getHome shows the way to everything else.
func (p *Portal) getHome(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	return p.reply(w, r, c, http.StatusOK, view{Template: "home", Title: say("home.title")})
}
