// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// startedLink is a new one-time link, which is shown once. It can be printed.
type startedLink struct {
	Account string
	Link    string
	Ends    time.Time
	Back    string // href of the account
}

// openLink is a link that was started, as the page of its account tells of it.
type openLink struct {
	By   string
	Ends time.Time
}

// mayStartLink reports whether the caller may start a link for the subject, with the grants that another
// one's password takes. Whoever finds a browser signed in shall not so get round the old password.
func mayStartLink(c *gate.Caller) bool { return !c.Own && c.May(http.MethodPost, access.Password) }

// openLinkOf gives the open link of the subject; nil: there is none.
func (p accountAdmin) openLinkOf(r *http.Request, c *gate.Caller) (*openLink, error) {
	reset, err := p.Store.ResetOf(r.Context(), c.Subject)
	if fed.KindOf(err) == fed.NotFound {
		return nil, nil //nolint:nilnil // no link is no mistake
	}
	return &openLink{reset.StartedBy, reset.Started.Add(store.ResetTime)}, err
}

// postLink starts a link and shows it. The administrator neither chooses nor sees the password.
func (p accountAdmin) postLink(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if !c.May(http.MethodPost, access.Password) {
		return c.Lacks(http.MethodPost, access.Password)
	}
	if c.Own {
		return p.showAccount(w, r, c, http.StatusUnprocessableEntity, say("account.own_link"))
	}

	token := newSecret()
	reset, err := p.Store.StartReset(r.Context(), c.Subject, c.Account.ID, store.ResetKey(token.key()))
	if fed.KindOf(err) == fed.Invalid {
		return p.showAccount(w, r, c, c.Refuse(w, err).Status, say("account.link_closed"))
	}
	if err != nil {
		return err
	}

	shown := startedLink{
		Account: c.Subject, Link: origin(r) + c.Path("portal", "reset", base64.RawURLEncoding.EncodeToString(token[:])),
		Ends: reset.Started.Add(store.ResetTime), Back: accountPath(c, c.Subject),
	}
	return p.reply(w, r, c, http.StatusOK, view{Template: "admin_link", Title: say("link.title", "account", c.Subject), Data: shown})
}

// origin is how the caller's browser has reached this hub: as it says, for a proxy may have another name here.
func origin(r *http.Request) string { return cmp.Or(r.Header.Get("Origin"), "https://"+r.Host) }
