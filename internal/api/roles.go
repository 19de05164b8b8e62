// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"encoding/json"
	"slices"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// newRoles gives the roles of a new person. Other than the default ones need
// the grant to administer accounts, well-formed or not.
func (h *people) newRoles(c *Caller, value []byte) ([]string, error) {
	if record.IsNull(value) {
		return access.DefaultRoles(), nil
	}
	roles, valid := readRoles(value)
	switch {
	case !slices.Equal(roles, access.DefaultRoles()) && !c.Administers():
		return nil, fed.Errorf(fed.Forbidden, "Giving roles needs the grant \"roles\".")
	case !valid:
		return nil, fed.Errorf(fed.Invalid, store.RolesRule)
	}
	return roles, nil
}

// readRoles takes an array of texts, or one text with commas, as the portal
// sends it.
func readRoles(value []byte) (roles []string, valid bool) {
	if text, ok := record.Text(value); ok {
		roles = []string{}
		for name := range strings.SplitSeq(text, ",") {
			if name = strings.TrimSpace(name); name != "" {
				roles = append(roles, name)
			}
		}
		return roles, true
	}
	var names []*string
	if json.Unmarshal(value, &names) != nil || record.IsNull(value) || slices.Contains(names, nil) {
		return nil, false
	}
	roles = make([]string, len(names))
	for i, name := range names {
		roles[i] = *name
	}
	return roles, true
}

// isSwitch reports whether a value is true, false, null or not there: what else
// "active" might hold would close an account without saying so.
func isSwitch(value []byte) bool {
	_, said := record.Bool(value)
	return said || record.IsNull(value)
}
