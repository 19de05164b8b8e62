// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import "time"

// Load is by whom the feed is read.
type Load struct {
	Streams, LongPolls, Pages int           // requests under way
	Followers                 int           // accounts that follow the changes of everybody
	Lag                       time.Duration // since when the one of these that is furthest behind has not read all
}

// Load tells it as of now.
func (f *Feed) Load(now time.Time) (load Load) {
	f.mu.Lock()
	defer f.mu.Unlock()

	for s := range f.subscribers {
		load.count(s)
		if one := f.followers[s.account]; one != nil {
			one.read = now // a stream without news reads nothing
		}
	}

	load.Lag = f.followers.lag(now)
	load.Followers = len(f.followers)
	return load
}

func (l *Load) count(s *subscriber) {
	switch {
	case s.stream:
		l.Streams++
	case s.wait > 0:
		l.LongPolls++
	default:
		l.Pages++
	}
}
