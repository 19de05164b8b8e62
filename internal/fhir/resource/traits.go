// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"cmp"
	"encoding/json"
	"strings"

	"thalamus/internal/fed"
)

// Traits are those by which a person is compared with others, as records have them.
type Traits struct {
	Given  string `json:"name,omitempty"`
	Family string `json:"lastname,omitempty"`
	Birth  string `json:"dob,omitempty"`
	Gender string `json:"gender,omitempty"`
}

// comparedGenders has the federation's words for those of FHIR that tell persons apart.
var comparedGenders = map[string]string{"male": "m", "female": "f"}

// ReadTraits reads those of a Patient. ok is false if there is neither a name nor a birth date to go by.
func ReadTraits(patient []byte) (t Traits, ok bool) {
	var p struct {
		ResourceType, BirthDate, Gender string
		Name                            []struct {
			Text, Family string
			Given        []string
		}
	}
	err := json.Unmarshal(patient, &p)
	if err != nil || p.ResourceType != "Patient" {
		return t, false
	}

	t.Birth, t.Gender = realDate(p.BirthDate), comparedGenders[p.Gender]
	if len(p.Name) > 0 {
		name := p.Name[0]
		t.Given, t.Family = clean(strings.Join(name.Given, " ")), clean(name.Family)
		t.Given = cmp.Or(t.Given, clean(strings.TrimSuffix(name.Text, t.Family)))
	}
	return t, t.Birth != "" || t.Given+t.Family != ""
}

// Record is a record that has them.
func (t Traits) Record() fed.Record {
	data, _ := json.Marshal(t) // texts can always be
	return data
}
