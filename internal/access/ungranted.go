// SPDX-License-Identifier: GPL-3.0-or-later

package access

import "strings"

// Ungranted is a sentence about the endpoints that this policy grants nobody, and the
// shipped one does, as when the roles file is older than they are; "" if there are
// none. It says what the shipped one grants.
func (p *Policy) Ungranted(shipped *Policy) string {
	var missing []string
	for _, endpoint := range Endpoints() {
		if endpoint == rolesGrant { // Parse tells of that
			continue
		}
		if grants := shipped.grantsOf(endpoint); len(grants) > 0 && len(p.grantsOf(endpoint)) == 0 {
			missing = append(missing, string(endpoint)+" ("+strings.Join(grants, "; ")+")")
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return "these endpoints are granted to nobody, and the roles.cfg that comes with this version grants them so: " + strings.Join(missing, ", ")
}

// grantsOf tells which roles have an endpoint, method by method.
func (p *Policy) grantsOf(endpoint Endpoint) (grants []string) {
	for _, method := range []string{"GET", "POST", "PATCH", "DELETE"} {
		if roles := p.Granting(p.Roles(), method, endpoint, true); len(roles) > 0 {
			grants = append(grants, method+" to "+strings.Join(roles, ", "))
		}
	}
	return grants
}
