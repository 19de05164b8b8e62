// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// newRoles gives the roles of a new person. Other than the default ones need
// the grant to administer accounts, well-formed or not.
func (h *people) newRoles(c *Caller, value json.RawMessage) ([]string, error) {
	if value == nil || isNull(value) {
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
func readRoles(value json.RawMessage) (roles []string, valid bool) {
	var text *string
	if json.Unmarshal(value, &text) == nil && text != nil {
		roles = []string{}
		for name := range strings.SplitSeq(*text, ",") {
			if name = strings.TrimSpace(name); name != "" {
				roles = append(roles, name)
			}
		}
		return roles, true
	}
	var names []*string
	if json.Unmarshal(value, &names) != nil || isNull(value) || slices.Contains(names, nil) {
		return nil, false
	}
	roles = make([]string, len(names))
	for i, name := range names {
		roles[i] = *name
	}
	return roles, true
}

func isNull(value json.RawMessage) bool { return bytes.Equal(value, []byte("null")) }

// isSwitch reports whether a value is true, false, null or not there: what else
// "active" might hold would close an account without saying so.
func isSwitch(value json.RawMessage) bool {
	var on *bool
	return value == nil || json.Unmarshal(value, &on) == nil
}
