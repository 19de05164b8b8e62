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

// roleOption is the name of a role in a list of options, which has no markup.
func roleOption(role string) message {
	if key, ok := roleKeys[role]; ok {
		return say(key)
	}
	return say("role.other", "role", role)
}

// roleText is the name of a role where it is to be chosen: with the word that stands in the roles file.
func roleText(role string) message {
	switch role {
	case "end_user":
		return say("role.end_user_named", "role", role)
	case "health_professional":
		return say("role.health_professional_named", "role", role)
	case "root":
		return say("role.root_named", "role", role)
	default:
		return say("role.other", "role", role)
	}
}
