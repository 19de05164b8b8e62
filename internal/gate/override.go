// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"

	"thalamus/internal/fed"
)

// overrideHeader makes a PATCH of a POST, for clients that cannot send PATCH, as Java's
// HttpURLConnection. CORS does not name it: scripts can send PATCH.
const overrideHeader = "X-Http-Method-Override"

// applyOverride makes a PATCH of such a POST, before anything asks for the method: the
// rules for browsers, the grants, the access record and the log are PATCH's.
func applyOverride(r *http.Request) {
	named := r.Header[overrideHeader]
	if r.Method == http.MethodPost && len(named) == 1 && named[0] == http.MethodPatch {
		r.Method = http.MethodPatch
	}
}

// refuseOverride refuses a POST that names any other method: the POST would create a record
// where the client meant another method.
func refuseOverride(r *http.Request) error {
	if r.Method != http.MethodPost {
		return nil
	}

	for _, named := range r.Header[overrideHeader] {
		if named != "" && named != http.MethodPost {
			return fed.Errorf(fed.Malformed, "X-HTTP-Method-Override is heard for PATCH alone.")
		}
	}

	return nil
}
