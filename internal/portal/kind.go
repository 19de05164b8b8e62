// SPDX-License-Identifier: GPL-3.0-or-later

package portal

// kindKeys are the keys of a page that say what kind of page it is. The phone app writes domain
// and context, the hospitals' system page_type, medical_context and social_context.
var kindKeys = []string{"domain", "page_type", "context", "medical_context", "social_context"}

// namedDomains is how many of namedKinds are domains.
const namedDomains = 5

// namedKinds are the values of those keys that have a name in each language: first the domains,
// then what is a context of theirs.
var namedKinds = []struct{ value, key string }{
	{"medical", "kind.medical"},
	{"social", "kind.social"},
	{"lifestyle", "kind.lifestyle"},
	{"biographical", "kind.biographical"},
	{"demographical", "kind.demographical"},
	{"health_condition", "kind.health_condition"},
	{"encounter", "kind.encounter"},
	{"self_monitoring", "kind.self_monitoring"},
	{"immunization", "kind.immunization"},
	{"prescription", "kind.prescription"},
	{"procedure", "kind.procedure"},
	{"surgery", "kind.surgery"},
	{"hospitalization", "kind.hospitalization"},
	{"lab", "kind.lab"},
	{"dximaging", "kind.imaging"},
	{"dx_imaging", "kind.imaging"},
	{"genetics", "kind.genetics"},
	{"family", "kind.family"},
	{"birth", "kind.birth"},
	{"death", "kind.death"},
	{"physical_activity", "kind.activity"},
	{"nutrition", "kind.nutrition"},
	{"sleep", "kind.sleep"},
	{"other", "kind.other"},
}

// kindLabel is the name of a kind, or its value as it is stored.
func kindLabel(value string) label {
	for _, kind := range namedKinds {
		if kind.value == value {
			return label{Name: say(kind.key)}
		}
	}
	return label{Text: value}
}

// label is a text of the catalogue, or one that somebody else wrote.
type label struct {
	Name message
	Text string
}
