// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"net/netip"

	"thalamus/internal/fed"
)

// Session is somebody who stays after the login, and is looked at again and again.
// It is for one goroutine at a time.
type Session struct {
	verifier     *Verifier
	from         netip.Addr
	id, password string
	hash         string // that the password is known to fit
}

// Session makes the session of credentials, which are not looked at yet.
func (v *Verifier) Session(from netip.Addr, id, password string) *Session {
	return &Session{verifier: v, from: from, id: id, password: password}
}

// Account gives the account if the credentials are good still; see Verify. While
// the stored hash stays the same this takes no comparison, however long that is.
func (s *Session) Account(ctx context.Context) (fed.Account, error) {
	found, err := s.verifier.Accounts.find(ctx, s.id)
	if err != nil {
		return fed.Account{}, err
	}
	if s.hash != "" && found.known && !found.Inactive && found.Hash == s.hash {
		s.verifier.Accounts.keep(found)
		return fed.Account{ID: found.ID, Roles: found.Roles}, nil
	}
	account, err := s.verifier.Verify(ctx, s.from, s.id, s.password)
	if err != nil {
		return fed.Account{}, err
	}
	s.hash = found.Hash
	return account, nil
}
