// SPDX-License-Identifier: GPL-3.0-or-later

package access

import "slices"

// GrantingRoles lists those of the roles that grant method on endpoint, each once; see
// Allow for own.
func (p *Policy) GrantingRoles(roles []string, method string, endpoint Endpoint, own bool) (granting []string) {
	for i, role := range roles {
		if p.Allow(roles[i:i+1], method, endpoint, own) && !slices.Contains(granting, role) {
			granting = append(granting, role)
		}
	}
	return granting
}
