// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"net/url"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// peopleSearch is the form of a search for persons, as it was sent. Its fields have the names and the
// values of the parameters of GET /people.
type peopleSearch struct {
	Path             string // href
	Text, Born       string
	Deceased, Active string // true, false or ""
	fields           []personField
	problems         map[string]message // by field
}

// personField is a key of persons that a search compares as a whole.
type personField struct{ key, value string }

func (p *Portal) readPeopleSearch(c *gate.Caller, query url.Values) peopleSearch {
	s := peopleSearch{
		Path: c.Path("portal", "people"), Text: readQueryText(query, "q"), Born: readQueryText(query, "dob"),
		Deceased: readQueryText(query, "deceased"), Active: readQueryText(query, "active"), problems: map[string]message{},
	}
	for _, key := range p.SearchFields {
		s.fields = append(s.fields, personField{key, readQueryText(query, key)})
	}
	return s
}

// searchBox is the empty form; nil: the caller may not look for persons.
func (p *Portal) searchBox(c *gate.Caller) *peopleSearch {
	if c.Reach(http.MethodGet, access.People) == access.NoRecords {
		return nil
	}
	empty := p.readPeopleSearch(c, nil)
	return &empty
}

// Used reports whether any field is filled in.
func (s peopleSearch) Used() bool { return len(s.values()) > 0 }

// Wrong reports whether a field cannot be understood, or none that finds a person is filled in.
func (s peopleSearch) Wrong() bool { return len(s.problems) > 0 }

// Narrowed reports whether any of the fields that are folded up is filled in.
func (s peopleSearch) Narrowed() bool {
	narrowed := s
	narrowed.Text, narrowed.Born = "", ""
	return narrowed.Used()
}

// values are the fields that are filled in, for the links of a pager.
func (s peopleSearch) values() url.Values {
	all := map[string]string{"q": s.Text, "dob": s.Born, "deceased": s.Deceased, "active": s.Active}
	for _, f := range s.fields {
		all[f.key] = f.value
	}
	return filled(all)
}

// filter gives what the form asks for besides words, and notes what is wrong. Only words and dates of
// birth are indexed: without either, all persons would be looked through.
func (s *peopleSearch) filter() (f store.PersonFilter) {
	switch {
	case !store.IsSearchText(s.Text):
		s.problems["q"] = say("people.too_long", "most", store.MaxSearchText)
	case s.Text == "" && s.Born == "":
		s.problems["q"] = say("people.nothing")
	}

	if s.Born != "" {
		from, to, ok := record.ReadBirthRange(s.Born)
		if !ok {
			s.problems["dob"] = say("people.no_birth", "day", "1985-10-04", "month", "1985-10", "year", "1985", "years", "1980..1990")
		}
		f.BornFrom, f.BornTo = from, to
	}

	f.Deceased, f.Active = s.choice("deceased", s.Deceased), s.choice("active", s.Active)
	f.Fields = map[string]string{}
	for _, one := range s.fields {
		if one.value != "" {
			f.Fields[one.key] = one.value
		}
	}
	return f
}

// choice reads one of true and false; nil: either.
func (s *peopleSearch) choice(name, value string) *bool {
	chosen := value == "true"
	switch value {
	case "":
		return nil
	case "true", "false":
	default:
		s.problems[name] = say("people.no_choice")
	}
	return &chosen
}
