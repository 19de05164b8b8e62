// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"context"
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// resources are copied once: every subscriber looks at them with every change.
var resources = fed.Resources()

// reauthorise makes sure that the account may still read the feed, and lets it see what
// its roles allow now.
func (f *Feed) reauthorise(ctx context.Context, s *subscriber) error {
	account, err := s.session.Account(ctx)
	if err != nil {
		return err
	}

	s.caller, err = s.caller.Renewed(ctx, account)
	if err != nil {
		return err
	}
	return f.authorise(s)
}

// authorise lets the subscriber see what the caller's roles allow.
func (f *Feed) authorise(s *subscriber) error {
	c := &s.caller
	if !c.May(http.MethodGet, access.Changes) {
		return fed.Errorf(fed.Forbidden, "Your roles do not allow this.")
	}

	var all, own, deleted []fed.Resource
	for _, info := range resources {
		reach := c.Reach(http.MethodGet, access.Changes, access.Endpoint(info.Endpoint))
		switch {
		case reach == access.NoRecords || !s.wants(info.Resource):
			continue
		case reach == access.AllRecords:
			all, deleted = append(all, info.Resource), append(deleted, info.Resource)
		case info.Owner == "":
			all = append(all, info.Resource)
		default:
			own = append(own, info.Resource)
		}
	}

	if s.openings {
		switch c.Reach(http.MethodGet, access.Changes, access.Emergencies) {
		case access.AllRecords:
			all = []fed.Resource{fed.Emergency}
		case access.OwnRecords:
			own = []fed.Resource{fed.Emergency}
		case access.NoRecords:
		}
	}

	f.setVisible(s, all, own, deleted)
	return nil
}
