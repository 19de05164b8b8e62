// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"slices"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// followerAdmin is the screen of those who follow the changes of everybody.
type followerAdmin struct{ *Portal }

// shownFollowers is how many are shown: those that have not read for longest.
const shownFollowers = 100

// A follower is behind when a change that it has not read is older than behindAfter, and silent when it
// has not read for silentAfter: some come once a night.
const (
	behindAfter = time.Hour
	silentAfter = 24 * time.Hour
)

func (p followerAdmin) rows() []gate.Row {
	return []gate.Row{screen("GET", "/portal/admin/followers", access.Changes, gate.Everybody, p.getFollowers)}
}

// followerRow is a follower as it is shown.
type followerRow struct {
	store.Follower
	State message
	Wrong bool   // somebody should look after it
	Count string // of the changes that it has not read; "": none
}

func newFollowerRow(f store.Follower, now time.Time) followerRow {
	row := followerRow{Follower: f, State: say("followers.reads")}
	if f.Changes > 0 {
		row.Count = groupDigits(f.Changes)
	}

	switch {
	case now.Sub(f.Read) > silentAfter:
		row.State, row.Wrong = say("followers.silent"), true
	case f.Since != nil && now.Sub(*f.Since) > behindAfter:
		row.State, row.Wrong = say("followers.behind"), true
	}
	return row
}

// getFollowers shows how far each account has read that follows the feed, and since when it is silent.
func (p followerAdmin) getFollowers(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	followers, err := p.Store.Followers(r.Context(), shownFollowers)
	if err != nil {
		return err
	}

	var rows []followerRow
	var accounts []string
	for _, f := range followers {
		rows, accounts = append(rows, newFollowerRow(f, time.Now())), append(accounts, f.Account)
	}
	slices.Sort(accounts)
	if err := c.RecordPersons(accounts); err != nil {
		return err
	}
	return p.reply(w, r, c, http.StatusOK, view{Template: "admin_followers", Title: say("followers.title"), Data: rows})
}
