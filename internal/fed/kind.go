// SPDX-License-Identifier: GPL-3.0-or-later

package fed

// PageKinds are the contexts and domains of pages that the clients in the field send. Contexts come
// before domains, because a page that has both is better known by its context.
func PageKinds() []string {
	return []string{
		"health_condition", "encounter", "self_monitoring", "immunization", "prescription", "procedure", "surgery",
		"hospitalization", "lab", "dximaging", "dx_imaging", "genetics", "family", "birth", "death", "physical_activity",
		"nutrition", "sleep", "medical", "social", "lifestyle", "biographical", "demographical", "other",
	}
}
