// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"strings"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
)

// personEntry is a person in a list.
type personEntry struct {
	ID     string
	Path   string // href; "": the caller may not have the record
	Name   string // "": there is none
	Gender label  // zero: it is not known
	Born   birth
	Died   bool
	Death  birth   // when; of the living it says nothing
	Closed bool    // the account is not active
	Fit    message // how well a search fits; zero: it was no search for words
}

// Said is the name, or the id of a person without one.
func (e personEntry) Said() string {
	if e.Name == "" {
		return e.ID
	}
	return e.Name
}

// birth is the day of a birth or of a death and, of a birth that is known to the day, how long ago that
// is or how long the person lived.
type birth struct {
	head
	Age message
}

func newPersonEntry(c *gate.Caller, id string, person fed.Record) personEntry {
	texts, values := map[string]string{}, map[string]string{}
	record.Members(person, func(key, value []byte) {
		texts[string(key)], values[string(key)] = memberText(value), string(value)
	})

	e := personEntry{
		ID: id, Name: cut(strings.TrimSpace(texts["name"]+" "+texts["lastname"]), maxExcerpt),
		Died: values["deceased"] == "true", Closed: values["active"] != "" && values["active"] != "true" && values["active"] != "null",
	}
	if texts["gender"] != "" {
		e.Gender = genderLabel(texts["gender"])
	}
	if c.Reach(http.MethodGet, access.Person) == access.AllRecords {
		e.Path = c.Path("portal", "people", id)
	}
	e.Born, e.Death = newBirth(texts["dob"], texts["dod"], e.Died), newBirth(texts["dod"], "", true)
	return e
}

// newBirth reads a date of birth. Of the dead the day of their death tells the age.
func newBirth(born, died string, dead bool) birth {
	b := birth{head: newHead(map[string]string{"page_date": cut(born, maxExcerpt)})}
	end, ok := record.PageDate{Time: time.Now()}, true
	if dead {
		end, ok = record.ReadPageDate(died)
	}
	if b.Dated && ok {
		b.Age = ageAt(b.Date.Time, end.Time)
	}
	b.Date.Clock = false // nobody asks for the hour
	return b
}

// ageAt is how old somebody is on a day: in days and months at first, as a child's age is told. It is
// zero before the birth.
func ageAt(born, at time.Time) message {
	born, at = dayOf(born), dayOf(at)
	months := 12*(at.Year()-born.Year()) + int(at.Month()-born.Month())
	if at.Day() < born.Day() {
		months--
	}

	switch {
	case at.Before(born):
		return message{}
	case months < 2:
		return say("person.age_days", "age", int(at.Sub(born).Hours()/24))
	case months < 24:
		return say("person.age_months", "age", months)
	default:
		return say("person.age_years", "age", months/12)
	}
}

// dayOf is the day of a time where it was, in UTC.
func dayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}
