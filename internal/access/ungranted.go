// SPDX-License-Identifier: GPL-3.0-or-later

package access

import "strings"

// Ungranted is a sentence about the endpoints that this policy grants to no role and the
// shipped one does, as when the roles file is older than they are; "" if there are
// none. It lists the grants of the shipped one.
func (p *Policy) Ungranted(shipped *Policy) string {
	var missing []string
	for _, endpoint := range Endpoints() {
		if endpoint == Roles { // Parse warns of that
			continue
		}
		grants := shipped.grantsOf(endpoint)
		if len(grants) > 0 && len(p.grantsOf(endpoint)) == 0 {
			missing = append(missing, string(endpoint)+" ("+strings.Join(grants, "; ")+")")
		}
	}

	if len(missing) == 0 {
		return ""
	}
	return "these endpoints are granted to nobody, and the roles.cfg that comes with this version grants them so: " + strings.Join(missing, ", ")
}

// grantsOf lists the roles that have an endpoint, method by method.
func (p *Policy) grantsOf(endpoint Endpoint) (grants []string) {
	for _, method := range []string{"GET", "POST", "PATCH", "DELETE"} {
		roles := p.GrantingRoles(p.Roles(), method, endpoint, true)
		if len(roles) > 0 {
			grants = append(grants, method+" to "+strings.Join(roles, ", "))
		}
	}
	return grants
}

// LoadBeside is Load with one more warning: about endpoints that the shipped roles grant, and
// this file to no role.
func LoadBeside(file string, shipped []byte) (policy *Policy, warnings []string, err error) {
	policy, warnings, err = Load(file)
	if err != nil {
		return nil, nil, err
	}
	usual, _, err := Parse(shipped)
	if err != nil {
		return nil, nil, err
	}

	if ungranted := policy.Ungranted(usual); ungranted != "" {
		warnings = append(warnings, ungranted)
	}
	return policy, warnings, nil
}
