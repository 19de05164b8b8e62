// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"thalamus/internal/gate"
)

// draft is what was typed in a form that came after its session had ended.
type draft struct {
	Path  string // of the form, without the prefix
	Typed url.Values
}

// keepDraft keeps a form in the row of the session that has ended, if there is one, for the
// next sign-in of its account in this browser. The error is why the session does not go on; the
// log has with it why nothing was kept.
func (p *Portal) keepDraft(w http.ResponseWriter, r *http.Request, c *gate.Caller, s secret, ended error) error {
	account, err := p.Store.SessionAccount(r.Context(), s.key())
	if err != nil {
		return fmt.Errorf("%w; no form is kept: %w", ended, err)
	}

	c.LimitBody(w, r)
	if err := readForm(w, r); err != nil {
		return fmt.Errorf("%w; the form is not kept: %w", ended, err)
	}
	if len(r.PostForm) == 0 {
		return ended
	}

	err = p.storeDraft(r.Context(), account, s, draft{formPath(r, c), r.PostForm})
	if err != nil {
		return fmt.Errorf("%w; the form is not kept: %w", ended, err)
	}

	c.WebSession.Drafted = true
	return ended
}

func (p *Portal) storeDraft(ctx context.Context, account string, s secret, d draft) error {
	plain, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return p.Store.KeepDraft(ctx, s.key(), s.seal(account, plain))
}

// openDraft gives the draft in a session that was the account's; ok is false if there is none.
func (p *Portal) openDraft(ctx context.Context, account string, s secret) (d draft, ok bool, err error) {
	sealed, err := p.Store.Draft(ctx, s.key())
	if err != nil || sealed == nil {
		return d, false, err
	}

	plain, ok := s.open(account, sealed)
	if !ok {
		return d, false, nil
	}
	return d, true, json.Unmarshal(plain, &d)
}

// moveDraft brings the draft of the session before, which was of the same account, into a new
// one, and ends that.
func (p *Portal) moveDraft(r *http.Request, c *gate.Caller, to secret) error {
	from, ok := readSecret(r, c)
	if !ok {
		return nil
	}

	d, ok, err := p.openDraft(r.Context(), c.Account.ID, from)
	if err != nil {
		return err
	}
	if ok {
		if err := p.storeDraft(r.Context(), c.Account.ID, to, d); err != nil {
			return err
		}
	}

	return p.Store.EndSession(r.Context(), from.key())
}

// draft gives what was typed in the form of this path before the session ended; ok is false if
// that is nothing. The handler shows it in the form, with view.Drafted.
func (p *Portal) draft(r *http.Request, c *gate.Caller) (typed url.Values, ok bool, err error) {
	s, ok := readSecret(r, c)
	if !ok || !c.WebSession.Drafted {
		return nil, false, nil
	}

	d, ok, err := p.openDraft(r.Context(), c.Account.ID, s)
	if err != nil || !ok || d.Path != formPath(r, c) {
		return nil, false, err
	}
	return d.Typed, true, nil
}

// dropDraft forgets what was typed in the form of this path: it was taken now.
func (p *Portal) dropDraft(r *http.Request, c *gate.Caller) error {
	_, ok, err := p.draft(r, c)
	if err != nil || !ok {
		return err
	}
	return p.Store.KeepDraft(r.Context(), c.WebSession.Key, nil)
}

// formPath is the path of a form, which comes back to where it was shown.
func formPath(r *http.Request, c *gate.Caller) string {
	return strings.TrimPrefix(r.URL.EscapedPath(), c.Path())
}
