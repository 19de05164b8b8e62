// SPDX-License-Identifier: GPL-3.0-or-later

package portal

// roleKeys are the names of the roles that a hub comes with.
var roleKeys = map[string]string{
	"end_user":            "role.end_user",
	"health_professional": "role.health_professional",
	"root":                "role.root",
}

// roleLabels are the names of roles. One that a hub made for itself is called as it is there.
func roleLabels(roles []string) (labels []label) {
	for _, role := range roles {
		if key, ok := roleKeys[role]; ok {
			labels = append(labels, label{Name: say(key)})
			continue
		}
		labels = append(labels, label{Text: role})
	}
	return labels
}
