// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/url"
	"strings"
	"time"
)

// days are the first and the last day of a filter, as they were typed. Either may be "".
type days struct {
	From, To string
	problems map[string]message // by field of the filter
}

func readDays(query url.Values) days {
	return days{From: readQueryText(query, "from"), To: readQueryText(query, "to"), problems: map[string]message{}}
}

// readQueryText reads a field of a filter, without what the database cannot have.
func readQueryText(query url.Values, name string) string {
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(query.Get(name), "\x00", ""), ""))
}

// Wrong reports whether a field cannot be understood.
func (d days) Wrong() bool { return len(d.problems) > 0 }

// times are the beginning of the first day and the end of the last, in UTC; zero: open. It notes
// what is wrong with them.
func (d days) times() (from, to time.Time) {
	from, to = d.day("from", d.From, 0), d.day("to", d.To, 1)
	if !d.Wrong() && !from.IsZero() && !to.IsZero() && !from.Before(to) {
		d.problems["to"] = say("book.to_before_from")
	}
	return from, to
}

// day reads a day, and gives the beginning of the one that comes so many days later.
func (d days) day(name, text string, later int) time.Time {
	if text == "" {
		return time.Time{}
	}

	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 1 {
		d.problems[name] = say("book.no_day", "example", "2024-05-01")
		return time.Time{}
	}
	return day.AddDate(0, 0, later)
}

// Fields are the inputs of the days.
func (d days) Fields() []field {
	return []field{
		{Name: "from", Type: "date", Label: say("book.from"), Value: d.From, Problem: d.problems["from"]},
		{Name: "to", Type: "date", Label: say("book.to"), Value: d.To, Problem: d.problems["to"]},
	}
}

// filled gives those of the fields that are filled in, for the links of a pager.
func filled(fields map[string]string) url.Values {
	values := url.Values{}
	for name, value := range fields {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values
}
