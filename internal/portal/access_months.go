// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import "time"

// shownMonths is how many of the last months each have a link.
const shownMonths = 12

// months leads to all days and to each of the last months of UTC, the newest first.
func (f accessFilter) months(path string, l *language, now time.Time) []choice {
	all := []choice{{Text: say("period.all"), Href: pathWith(path, accessFilter{Account: f.Account, Own: f.Own}.values()), Current: !f.Used()}}
	for n := range shownMonths {
		first := time.Date(now.UTC().Year(), now.UTC().Month()-time.Month(n), 1, 0, 0, 0, 0, time.UTC)
		last := first.AddDate(0, 1, -1)
		month := accessFilter{Account: f.Account, Own: f.Own, days: days{From: first.Format(time.DateOnly), To: last.Format(time.DateOnly)}}
		isChosen := f.From == month.From && f.To == month.To
		all = append(all, choice{Text: l.monthText(first, now.UTC().Year()), Href: pathWith(path, month.values()), Current: isChosen})
	}
	return all
}

// monthText names a month, and its year if that is not this one.
func (l *language) monthText(month time.Time, year int) message {
	name := shortMonths[month.Month()-1]
	if month.Year() == year {
		return say(name)
	}
	return say("date.month", "month", l.texts[name], "year", month.Year())
}
