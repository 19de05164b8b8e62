// SPDX-License-Identifier: GPL-3.0-or-later

package config

import "slices"

// Fields that cannot be searched by: secrets, and the parameters of queries.
var (
	secretFields    = []string{"password", "roles"}
	queryParameters = []string{"q", "dob", "active", "deceased", "limit", "after", "order", "from", "to", "score", "linked"}
)

// checkSearch keeps secrets from being guessed by searching, and parameters
// that have a meaning of their own from being hidden.
func (l *loader) checkSearch() {
	for _, name := range l.cfg.Search.Fields {
		l.require(!slices.Contains(secretFields, name), "search.fields", "%q must never be searched by", name)
		l.require(!slices.Contains(queryParameters, name), "search.fields", "%q has a meaning of its own in queries; leave it out", name)
		l.require(name != "", "search.fields", "has an empty name")
	}
}
