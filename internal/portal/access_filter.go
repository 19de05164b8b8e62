// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import "net/url"

// accessFilter is the form above the accesses to a person, as it was sent.
type accessFilter struct {
	days
	Account string // of who has read; "": anybody
	Own     bool   // with the person's own visits
}

func readAccessFilter(query url.Values) accessFilter {
	return accessFilter{days: readDays(query), Account: readQueryText(query, "account"), Own: readQueryText(query, "own") == "1"}
}

// Used reports whether an account or a day is filled in.
func (f accessFilter) Used() bool { return f.Account+f.From+f.To != "" }

// Fields are the inputs of the form.
func (f accessFilter) Fields() []field {
	return append([]field{{Name: "account", Label: say("access.account"), Value: f.Account}}, f.days.Fields()...)
}

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
	return filled(map[string]string{"from": f.From, "to": f.To, "account": f.Account, "own": own})
}
