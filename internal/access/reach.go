// SPDX-License-Identifier: GPL-3.0-or-later

package access

// Reach is whose records somebody may have.
type Reach int

// The reaches, each with the ones before it. A record that is about nobody, like
// an institution's, is in everyone's own reach.
const (
	Nobodys Reach = iota
	Own
	Everybodys
)

// Reach tells how far the roles reach with method where that takes the grant of
// all these endpoints by one and the same role. Of two entries for one role the
// farther one counts, endpoint by endpoint.
func (p *Policy) Reach(roles []string, method string, endpoints ...Endpoint) (reach Reach) {
	for i := range roles {
		least := Everybodys
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
		return Everybodys
	case p.Allow(roles, method, endpoint, true):
		return Own
	}
	return Nobodys
}
