// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"encoding/base64"
	"net/http"
	"strings"
	"unicode/utf8"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// enter lets a caller through to a row's handler, or not: first who it is (401),
// then what the roles allow (403). Nothing of the body is read before.
func (s *Server) enter(row route, w http.ResponseWriter, r *http.Request) error {
	if row.endpoint != access.Public {
		w.Header()["Cache-Control"] = noStore
		account, err := s.authenticate(r)
		if err != nil {
			return err
		}
		eventOf(r).account = account
		if err := s.resolve(r); err != nil {
			return err
		}
		s.visits(row, r)
		if !s.may(r, row.method, row.endpoint) {
			return fed.Errorf(fed.Forbidden, "Your roles do not allow this.")
		}
		if err := eventOf(r).visit.mayRead(); err != nil {
			return err
		}
	}
	if err := refuseEncoding(r); err != nil {
		return err
	}
	defer row.pace.start(w, r)()
	defer s.leave(r)
	err := row.handle(w, r)
	if err == nil && row.method != http.MethodGet && s.Written != nil {
		s.Written()
	}
	return err
}

// leave gives back what a request held, and counts what it has written.
func (s *Server) leave(r *http.Request) {
	if hold := eventOf(r).memory; hold != nil {
		hold.Release()
	}
	s.settle(r)
}

var noStore = []string{"no-store"}

// authenticate finds out whose credentials a request carries.
func (s *Server) authenticate(r *http.Request) (fed.Account, error) {
	id, password, ok := credentials(r)
	if !ok {
		return fed.Account{}, fed.Errorf(fed.Unauthenticated, "no credentials that can be read")
	}
	return s.Verifier.Verify(r.Context(), eventOf(r).from, id, password)
}

// credentials reads HTTP Basic, with any number of blanks behind the word; what it gives
// is UTF-8.
func credentials(r *http.Request) (id, password string, ok bool) {
	scheme, encoded, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Basic") {
		return "", "", false
	}
	plain, err := base64.StdEncoding.DecodeString(strings.TrimLeft(encoded, " \t"))
	if err != nil {
		return "", "", false
	}

	id, password, ok = strings.Cut(string(plain), ":")
	if !ok {
		return "", "", false
	}
	if !utf8.ValidString(id) || !utf8.ValidString(password) {
		id, password = fromLatin1(id), fromLatin1(password)
	}
	return id, password, true
}

// fromLatin1 reads bytes as Latin-1, in which Python clients send what they can.
func fromLatin1(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteRune(rune(text[i]))
	}
	return b.String()
}

// may reports whether the caller's roles allow method on an endpoint of this
// path. Without {person} in the path there is nobody else's to reach.
func (s *Server) may(r *http.Request, method string, endpoint access.Endpoint) bool {
	return s.policy.Load().Allow(caller(r).Roles, method, endpoint, own(r))
}

// own reports whether the path is about the caller, or about nobody.
func own(r *http.Request) bool {
	return !strings.Contains(eventOf(r).pattern, "{person}") || param(r, "person") == caller(r).ID
}

// administers reports whether the caller may change roles and active.
func (s *Server) administers(r *http.Request) bool {
	return s.policy.Load().Administers(caller(r).Roles)
}

// caller is the account that was let in.
func caller(r *http.Request) fed.Account { return eventOf(r).account }
