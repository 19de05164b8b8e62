// SPDX-License-Identifier: GPL-3.0-or-later

package account

import (
	"net/http"
	"slices"

	"thalamus/internal/access"
	"thalamus/internal/record"
)

// ChangeRoles gives roles with some given and some taken away, each once, in their order. One
// that is both is taken.
func ChangeRoles(roles, give, take []string) []string {
	changed := []string{}
	for _, role := range slices.Concat(roles, give) {
		if !slices.Contains(take, role) && !slices.Contains(changed, role) {
			changed = append(changed, role)
		}
	}
	return changed
}

// NewRoles gives the roles of a new account: those that are asked for, and beside them the
// default ones, with which people have their own records and passwords, where the roles file has
// them. With only, and without any that is asked for, it adds nothing.
func NewRoles(policy *access.Policy, asked []string, only bool) []string {
	roles := ChangeRoles(nil, asked, nil)
	if only {
		return roles
	}

	for _, role := range record.DefaultRoles() {
		if len(policy.Unknown([]string{role})) == 0 {
			roles = ChangeRoles(roles, []string{role}, nil)
		}
	}

	return roles
}

// MayChangePassword reports whether somebody with these roles may change the own password.
func MayChangePassword(policy *access.Policy, roles []string) bool {
	return policy.Allow(roles, http.MethodPost, access.Password, true)
}
