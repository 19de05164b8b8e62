// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"strings"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// longestAgent is how much of a browser's name for itself is kept, in bytes.
const longestAgent = 300

// Enter is gate.Portal's. Sessions are never cached: what ends one ends it everywhere at once. In
// a database that takes no writes they are not noted as used, so that people can go on reading.
func (p *Portal) Enter(row *gate.Row, w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	s, ok := readSecret(r, c)
	if !ok {
		return fed.Errorf(fed.Unauthenticated, "no cookie of a session")
	}
	if err := p.Await(r.Context()); err != nil {
		return err
	}

	session, err := p.Store.Session(r.Context(), s.key(), p.Limits)
	if row.Draft && fed.KindOf(err) == fed.Unauthenticated {
		return p.keepDraft(w, r, c, s, err)
	}
	if err != nil {
		return err
	}

	if session.Touch && p.Store.Health(r.Context()).Writes {
		if err := p.Store.TouchSession(r.Context(), session.Key); err != nil {
			return err
		}
	}

	c.Account, c.WebSession = session.Account, session
	return nil
}

// begin begins a session of an account that the form names. Its hash may be replaced by a
// stronger one during the login; then the second try has that.
func (p accounts) begin(r *http.Request, c *gate.Caller, form signInForm) (s secret, err error) {
	s = newSecret()
	for range 2 {
		account, hash, err := p.Verifier.SignIn(r.Context(), c.From, form.Account, form.password)
		if err != nil {
			return s, err
		}

		session := store.Session{
			Key: s.key(), Account: account, Address: c.From.String(), Agent: agent(r), Language: form.Language,
		}
		begun, err := p.Store.BeginSession(r.Context(), session, hash)
		if err != nil {
			return s, err
		}
		if begun {
			c.Account = account // for the log
			return s, nil
		}

		p.Verifier.Invalidate(account.ID)
	}

	return s, fed.Errorf(fed.Unavailable, "The account changes just now; try again.")
}

func agent(r *http.Request) string {
	name := strings.ToValidUTF8(strings.ReplaceAll(r.UserAgent(), "\x00", ""), "")
	return strings.ToValidUTF8(name[:min(len(name), longestAgent)], "")
}
