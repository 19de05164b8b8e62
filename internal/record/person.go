// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"encoding/json"
	"slices"
	"strings"

	"thalamus/internal/fed"
)

// RolesRule says which values "roles" may have.
const RolesRule = "roles must be an array of strings, or a text with commas between them."

// ActiveRule says which values "active" may have.
const ActiveRule = "active must be true, false or null."

// DefaultRoles are the roles of a person that is created without any.
func DefaultRoles() []string { return []string{"end_user"} }

// Roles reads an array of texts, or one text with commas, as the portal sends it.
func Roles(value []byte) (roles []string, valid bool) {
	if text, ok := Text(value); ok {
		return SplitRoles(text), true
	}

	var names []*string
	if json.Unmarshal(value, &names) != nil || IsNull(value) || slices.Contains(names, nil) {
		return nil, false
	}

	roles = make([]string, len(names))
	for i, name := range names {
		roles[i] = *name
	}
	return roles, true
}

// SplitRoles reads names with commas between them.
func SplitRoles(text string) []string {
	roles := []string{}
	for part := range strings.SplitSeq(text, ",") {
		name := strings.TrimSpace(part)
		if name != "" {
			roles = append(roles, name)
		}
	}
	return roles
}

// NewRoles gives the roles of a person to be created. Any but the default ones need
// the grant to administer accounts, whether they are well-formed or not. Errors: Forbidden,
// Invalid.
func NewRoles(value []byte, administers bool) ([]string, error) {
	if IsNull(value) {
		return DefaultRoles(), nil
	}

	roles, valid := Roles(value)
	switch {
	case !IsDefault(roles) && !administers:
		return nil, fed.Errorf(fed.Forbidden, "Giving roles needs the grant \"roles\".")
	case !valid:
		return nil, fed.Errorf(fed.Invalid, RolesRule)
	}
	return roles, nil
}

// IsDefault reports whether roles are the default ones, which any person may be created with.
func IsDefault(roles []string) bool { return slices.Equal(roles, DefaultRoles()) }

// InstitutionRule is why the institution of an account is not given or changed by others.
const InstitutionRule = "Giving or changing the institution of an account needs the grant \"roles\"."

// CheckInstitution refuses an institution of a new person from a caller who does not administer accounts:
// whoever belongs to an institution reads the pages that it wrote, whatever the patient says.
func CheckInstitution(value []byte, administers bool) error {
	if !IsNull(value) && !administers {
		return fed.Errorf(fed.Forbidden, InstitutionRule)
	}
	return nil
}

// CheckActive refuses, as Invalid, any value of "active" but true, false, null or none: it
// would close an account without saying so.
func CheckActive(value []byte) error {
	_, isBool := Bool(value)
	if !isBool && !IsNull(value) {
		return fed.Errorf(fed.Invalid, ActiveRule)
	}
	return nil
}
