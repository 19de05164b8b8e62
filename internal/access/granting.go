// SPDX-License-Identifier: GPL-3.0-or-later

package access

import "slices"

// Granting tells which of the roles grant method on endpoint, each once; see
// Allow for own.
func (p *Policy) Granting(roles []string, method string, endpoint Endpoint, own bool) (granting []string) {
	for i, role := range roles {
		if p.Allow(roles[i:i+1], method, endpoint, own) && !slices.Contains(granting, role) {
			granting = append(granting, role)
		}
	}
	return granting
}
