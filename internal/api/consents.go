// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// getConsents answers with what was said about who may read the person's book, the earliest first: [[{statement}],...].
func (h *people) getConsents(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	person := c.Subject
	part, err := gate.Unfiltered.Read(r, gate.PagingAt(c, "people", person, "consents"))
	if err != nil {
		return err
	}

	return c.WriteAsked(w, r, func(l *gate.List) error {
		return store.Consents(h.db.For(c.Reader())).Each(r.Context(), person, part.Keyset(w), func(s store.Statement) error {
			return l.Add([]byte("["), appendStatement(nil, s), []byte("]"))
		})
	})
}

func appendStatement(b []byte, s store.Statement) []byte {
	b = fed.AppendText(append(b, `{"id":`...), s.ID)
	b = fed.AppendText(append(b, `,"person":`...), s.Person)
	b = fed.AppendText(append(b, `,"scope":`...), s.Scope)
	b = fed.AppendText(append(b, `,"who":`...), s.Who)
	b = fed.AppendText(append(b, `,"effect":`...), s.Effect)
	b = gate.AppendTime(append(b, `,"until":`...), s.Until)
	b = gate.AppendNullable(append(b, `,"account":`...), s.Account)
	b = gate.AppendTime(append(b, `,"time":`...), &s.Time)
	b = gate.AppendTime(append(b, `,"ended":`...), s.Ended)
	return append(gate.AppendNullable(append(b, `,"ended_by":`...), s.EndedBy), '}')
}

// postConsent records a statement. The same as one in force is a success.
func (h *people) postConsent(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	data, err := c.ReadRecord(r)
	if err != nil {
		return err
	}

	statement, err := readStatement(data, time.Now())
	if err != nil {
		return err
	}
	statement.Person = c.Subject
	if statement.Effect == store.Act && !c.May(http.MethodPost, access.Proxies) {
		return c.Lacks(http.MethodPost, access.Proxies)
	}

	by := fed.Write{Account: c.Account.ID, Request: c.Request}
	said, isNew, err := store.Consents(h.db.For(c.Reader())).Say(r.Context(), by, statement)
	if err != nil {
		return err
	}

	status := createdStatus(w, isNew, c.Path("people", c.Subject, "consents", said.ID))
	shown := []byte("{}")
	if c.MayShow(status, access.Consents) {
		shown = appendStatement(nil, said)
	}
	gate.Reply(w, status, gate.JSONType, shown)
	return nil
}

var scopeForm = regexp.MustCompile(`^(\*|(domain|type|page):.+)$`)

// readStatement reads what a caller says. An id alone is that of a page, or of whom it names.
func readStatement(data fed.Record, now time.Time) (s store.Statement, err error) {
	texts := textsOf(data)
	s = store.Statement{Scope: texts["scope"], Who: texts["who"], Effect: texts["effect"]}
	if s.Scope != "" && !scopeForm.MatchString(s.Scope) {
		s.Scope = "page:" + s.Scope
	}

	switch {
	case s.Scope == "" || len(s.Scope) > 4*fed.LongestID:
		return s, fed.Errorf(fed.Invalid, "scope must be *, the id of a page, domain: or type: and what pages have there.")
	case s.Who == "" || len(s.Who) > 4*fed.LongestID:
		return s, fed.Errorf(fed.Invalid, "who must be *, or the id of an account or an institution.")
	}

	if err := checkEffect(s); err != nil {
		return s, err
	}
	err = readUntil(&s, data, now)
	return s, err
}

func checkEffect(s store.Statement) error {
	switch s.Effect {
	case "deny", "permit":
		return nil
	case store.Act:
		if s.Scope != "*" || s.Who == "*" {
			return fed.Errorf(fed.Invalid, "One account acts for a person, for the whole book: scope must be *, and who an account.")
		}
		return nil
	}
	return fed.Errorf(fed.Invalid, "effect must be deny, permit or act.")
}

func readUntil(s *store.Statement, data fed.Record, now time.Time) error {
	var sent []byte
	record.Members(data, func(key, value []byte) {
		if string(key) == "until" {
			sent = value
		}
	})
	if record.IsNull(sent) {
		return nil
	}

	text, _ := record.Text(sent)
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || !at.After(now) || at.Year() > 9999 {
		return fed.Errorf(fed.Invalid, "until must be a time to come, with its zone (2030-01-31T00:00:00Z), or null.")
	}
	at = at.Truncate(time.Microsecond)
	s.Until = &at
	return nil
}

// textsOf gives the members of a record that are texts, without blanks at their ends.
func textsOf(data fed.Record) map[string]string {
	texts := map[string]string{}
	record.Members(data, func(key, value []byte) {
		text, _ := record.Text(value)
		texts[string(key)] = strings.TrimSpace(text)
	})
	return texts
}

func (h *people) deleteConsent(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	by := fed.Write{Account: c.Account.ID, Request: c.Request}
	if err := store.Consents(h.db.For(c.Reader())).TakeBack(r.Context(), by, c.Subject, c.Param("consent"), c.May(http.MethodPost, access.Proxies)); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
