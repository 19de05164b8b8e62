// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"encoding/hex"
	"net/http"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// sessionRow is a session in the list.
type sessionRow struct {
	ID          string // names it in the form
	Browser     message
	Address     string
	Begun, Seen string
	Current     bool // the list is shown in it
}

// getSessions lists where the caller is signed in.
func (p accounts) getSessions(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	sessions, err := p.Store.Sessions(r.Context(), c.Account.ID, p.Limits)
	if err != nil {
		return err
	}

	var rows []sessionRow
	for _, s := range sessions {
		rows = append(rows, sessionRow{
			ID: hex.EncodeToString(s.Key[:]), Browser: browserOf(s.Agent), Address: s.Address,
			Begun: minute(s.Begun), Seen: minute(s.Seen), Current: s.Key == c.WebSession.Key,
		})
	}
	return p.reply(w, r, c, http.StatusOK, view{Template: "sessions", Title: say("sessions.title"), Data: rows})
}

// postSessions ends a session of the caller, or all of them.
func (p accounts) postSessions(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := readForm(w, r); err != nil {
		return err
	}

	if r.PostForm.Get("end") == "all" {
		if err := p.Store.EndSessions(r.Context(), c.Account.ID); err != nil {
			return err
		}
		return p.signedOut(w, c)
	}

	named, err := hex.DecodeString(r.PostForm.Get("end"))
	if err != nil || len(named) != len(store.SessionKey{}) {
		return fed.Errorf(fed.Malformed, "The form names no session.")
	}

	key := store.SessionKey(named)
	if err := p.Store.EndSessionOf(r.Context(), c.Account.ID, key); err != nil {
		return err
	}
	if key == c.WebSession.Key {
		return p.signedOut(w, c)
	}
	return p.done(w, r, c, "done.session_ended", "/portal/sessions")
}

// minute writes a time.
func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
