// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import "net/url"

// accessFilter is the form above the accesses to a person, as it was sent.
type accessFilter struct {
	days
	Own bool // with the person's own visits
}

func readAccessFilter(query url.Values) accessFilter {
	return accessFilter{days: readDays(query), Own: readQueryText(query, "own") == "1"}
}

// Used reports whether a day is filled in.
func (f accessFilter) Used() bool { return f.From+f.To != "" }

// toggled is the same filter with the person's own visits if it was without, and the other way round.
func (f accessFilter) toggled() accessFilter {
	f.Own = !f.Own
	return f
}

// values are what the form asks for, for links.
func (f accessFilter) values() url.Values {
	own := ""
	if f.Own {
		own = "1"
	}
	return filled(map[string]string{"from": f.From, "to": f.To, "own": own})
}
