// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"slices"

	"thalamus/internal/measurement"
)

// A page has something for a summary only if it has a value at one of SummaryMembers, one of SummaryContexts at one of
// ContextMembers, or measurements at one of SummaryMeasured.
var (
	SummaryMembers  = []string{"health_condition_text", "health_condition_code", "procedure_text", "procedure_code"}
	SummaryContexts = []string{"immunization", "prescription", "genetics", "lab", "dx_imaging"}
	ContextMembers  = []string{"medical_context", "social_context", "context"}
	SummaryMeasured = measuredKeys()
)

func measuredKeys() (keys []string) {
	for i := range topics {
		for _, kind := range measurement.Kinds {
			if observablesOf(kind, &topics[i]) != nil {
				keys = append(keys, kind.Key)
			}
		}
	}
	return keys
}

// observablesOf gives what a topic has of a kind of measurements; nil: nothing.
func observablesOf(of *measurement.Kind, t *topic) []*observable {
	known := kinds[of]
	switch {
	case !slices.Equal(known.category, t.measured):
		return nil
	case known.panel != nil:
		return []*observable{known.panel}
	default:
		return known.values
	}
}

// Wants reports whether older measurements at a key could tell something new: the newest of all their kinds are
// not there yet.
func (s *Summary) Wants(key string) bool {
	for _, section := range s.Sections {
		unseen := func(o *observable) bool { return !section.seen[o.key] }
		for _, kind := range measurement.Kinds {
			if kind.Key == key && slices.ContainsFunc(observablesOf(kind, section.topic), unseen) {
				return true
			}
		}
	}
	return false
}
