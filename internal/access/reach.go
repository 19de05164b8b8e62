// SPDX-License-Identifier: GPL-3.0-or-later

package access

// Reach says which records an account may have.
type Reach int

// The reaches, each wider than the one before it. A record that is about no person, like
// an institution's, is one of everybody's own records.
const (
	NoRecords Reach = iota
	OwnRecords
	AllRecords
)

// Reach gives the reach of the roles with method, if that takes the grant of
// all these endpoints by one and the same role. Of two entries for one role the
// wider one counts, endpoint by endpoint.
func (p *Policy) Reach(roles []string, method string, endpoints ...Endpoint) (reach Reach) {
	for i := range roles {
		least := AllRecords
		for _, endpoint := range endpoints {
			least = min(least, p.reach(roles[i:i+1], method, endpoint))
		}
		reach = max(reach, least)
	}
	return reach
}

func (p *Policy) reach(roles []string, method string, endpoint Endpoint) Reach {
	switch {
	case p.Allow(roles, method, endpoint, false):
		return AllRecords
	case p.Allow(roles, method, endpoint, true):
		return OwnRecords
	}
	return NoRecords
}
