// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"net/netip"

	"thalamus/internal/fed"
)

// Session is a login that lasts: its account is checked again and again.
// It is for one goroutine at a time.
type Session struct {
	verifier *Verifier
	from     netip.Addr
	id       string // as it was written; after the first login, as it is stored
	password string
	hash     string // the stored hash that the password fits; "" before the first login
}

// Session makes the session of credentials, which are not checked yet.
func (v *Verifier) Session(from netip.Addr, id, password string) *Session {
	return &Session{verifier: v, from: from, id: id, password: password}
}

// Account gives the account if the credentials are good still; see Verify. While
// the stored hash stays the same this takes no comparison, however long that is. Once
// logged in it is always the same account, or Unauthenticated.
func (s *Session) Account(ctx context.Context) (fed.Account, error) {
	if s.hash == "" {
		return s.login(ctx)
	}

	accounts := s.verifier.Accounts
	found, err := accounts.get(ctx, s.id, s.hash)
	if err != nil {
		return fed.Account{}, err
	}
	if found.ID != s.id {
		return fed.Account{}, errWrong
	}
	if found.usable != s.hash {
		return s.login(ctx)
	}

	accounts.put(found)
	return fed.Account{ID: s.id, Roles: found.Roles}, nil
}

func (s *Session) login(ctx context.Context) (fed.Account, error) {
	found, err := s.verifier.verify(ctx, s.from, s.id, s.password)
	if err != nil {
		return fed.Account{}, err
	}
	if s.hash != "" && found.ID != s.id { // the account was deleted during the call
		return fed.Account{}, errWrong
	}

	s.id, s.hash = found.ID, found.Hash
	return fed.Account{ID: s.id, Roles: found.Roles}, nil
}
