// SPDX-License-Identifier: GPL-3.0-or-later

package portal

// fieldNames are the names of the keys of persons that a hub lets people search by, unless it is told
// others.
var fieldNames = map[string]string{
	"gender":         "person.gender",
	"marital_status": "person.marital_status",
	"education":      "person.education",
	"profession":     "person.profession",
}

// keyLabel is the name of a key of persons, or the key as it is stored.
func keyLabel(key string) label {
	if name, ok := fieldNames[key]; ok {
		return label{Name: say(name)}
	}
	return label{Text: cut(key, maxExcerpt)}
}

// genderLabel is the name of a gender, or its value as it is stored.
func genderLabel(value string) label {
	for _, gender := range genders {
		if gender.value == value {
			return label{Name: say(gender.key)}
		}
	}
	return label{Text: cut(value, maxExcerpt)}
}

// Fields are the inputs by which persons are found. Browsers of a ward's PC are told to remember none
// of them.
func (s peopleSearch) Fields() []field {
	return []field{
		{Name: "q", Type: "search", Label: say("people.name"), Hint: say("people.name_hint"), Value: s.Text, Problem: s.problems["q"], Autocomplete: "off", Focused: true},
		{Name: "dob", Label: say("people.born"), Hint: say("people.born_hint", "year", "1985", "day", "1985-10-04"), Value: s.Born, Problem: s.problems["dob"], Autocomplete: "off"},
	}
}

// More are the inputs that leave persons out.
func (s peopleSearch) More() []field {
	all := []field{
		field{Name: "deceased", Label: say("people.alive"), Value: s.Deceased, Problem: s.problems["deceased"]}.choose(
			option{Text: say("people.any")}, option{Value: "false", Text: say("people.living")}, option{Value: "true", Text: say("people.died")}),
		field{Name: "active", Label: say("people.account"), Value: s.Active, Problem: s.problems["active"]}.choose(
			option{Text: say("people.any")}, option{Value: "true", Text: say("people.open")}, option{Value: "false", Text: say("people.closed")}),
	}
	for _, f := range s.fields {
		all = append(all, f.input())
	}
	return all
}

// input is the field of a key. One that has no name is called as it is stored.
func (f personField) input() field {
	shown := field{Name: f.key, Label: say("form.other_value", "value", f.key), Value: f.value, Autocomplete: "off"}
	if name, ok := fieldNames[f.key]; ok {
		shown.Label = say(name)
	}
	if f.key != "gender" {
		return shown
	}

	options := []option{{Text: say("people.any")}}
	for _, gender := range genders {
		if gender.value != "" {
			options = append(options, option{Value: gender.value, Text: say(gender.key)})
		}
	}
	return shown.choose(options...)
}
