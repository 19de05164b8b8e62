// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"
	"unicode/utf8"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// postEmergency opens the person's book to the caller, in whatever program, for some time. It has its line in the access
// record first, or nothing opens.
func (h *people) postEmergency(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	data, err := c.ReadRecord(r)
	if err != nil {
		return err
	}

	texts := textsOf(data)
	length := utf8.RuneCountInString(texts["reason"])
	switch {
	case texts["purpose"] != fed.EmergencyTreatment:
		return fed.Errorf(fed.Invalid, "purpose must be %s.", fed.EmergencyTreatment)
	case length < store.ShortestReason || length > store.LongestReason:
		return fed.Errorf(fed.Invalid, "reason must have %d to %d characters.", store.ShortestReason, store.LongestReason)
	case c.Own:
		return fed.Errorf(fed.Invalid, "Nothing of your own book is withheld from you.")
	}

	known, err := h.db.HasPerson(r.Context(), c.Subject)
	if err != nil {
		return err
	}
	if !known {
		return fed.Errorf(fed.NotFound, store.NoOwner)
	}
	if err := gate.RecordBefore(c); err != nil {
		return err
	}

	asked := store.Emergency{Person: c.Subject, Purpose: fed.EmergencyTreatment, Reason: texts["reason"]}
	open, isNew, err := store.Emergencies(h.db.For(c.Reader())).Open(r.Context(), fed.Write{Account: c.Account.ID, Request: c.Request}, asked)
	if err != nil {
		return err
	}

	status := http.StatusOK
	if isNew {
		status = http.StatusCreated
	}
	gate.Reply(w, status, gate.JSONType, gate.AppendEmergency(nil, open))
	return nil
}

// emergencyRequest is what the query of a list of openings asks for.
type emergencyRequest struct {
	store.EmergencyQuery
	gate.Paging
}

var emergencyParameters = gate.Paged(func(q *emergencyRequest) *gate.Paging { return &q.Paging },
	gate.NewParameter("person", "person must be a federation account.", func(*emergencyRequest, string) bool { return true }), // it is the request's subject
	gate.NewParameter("reviewed", "reviewed must be true or false.", func(q *emergencyRequest, value string) bool {
		reviewed := value == "true"
		q.Reviewed = &reviewed
		return reviewed || value == "false"
	}).With(gate.Enum("true", "false")),
)

// getEmergencies answers with the openings of one book, or of the caller's own, or of everybody's to a caller who reaches
// those: [[{emergency}],...].
func (h *people) getEmergencies(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	asked, err := emergencyParameters.Read(r, emergencyRequest{Paging: gate.PagingAt(c, "emergencies")})
	if err != nil {
		return err
	}
	asked.Person, asked.Own = c.Subject, !reachesAll(c, access.Emergencies)
	if asked.Person == "" && asked.Own {
		asked.Person = c.Account.ID
	}

	return c.WriteAsked(w, r, func(l *gate.List) error {
		l.OfPersons()
		return store.Emergencies(h.db.For(c.Reader())).Each(r.Context(), asked.EmergencyQuery, asked.Keyset(w), func(e store.Emergency) error {
			return l.AddOf(e.Person, []byte("["), gate.AppendEmergency(nil, e), []byte("]"))
		})
	})
}

// patchEmergency closes the case of an opening with what was found.
func (h *people) patchEmergency(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if c.Reach(http.MethodPatch, access.Emergencies) != access.AllRecords {
		return fed.Errorf(fed.Forbidden, "Your roles do not allow this.")
	}

	data, err := c.ReadRecord(r)
	if err != nil {
		return err
	}
	finding := textsOf(data)["finding"]
	if finding == "" || utf8.RuneCountInString(finding) > store.LongestReason {
		return fed.Errorf(fed.Invalid, "finding must have 1 to %d characters.", store.LongestReason)
	}

	by := fed.Write{Account: c.Account.ID, Request: c.Request}
	reviewed, err := store.Emergencies(h.db.For(c.Reader())).Review(r.Context(), by, c.Param("emergency"), finding)
	if err != nil {
		return err
	}

	c.RecordOthers([]string{reviewed.Person})
	shown := []byte("{}")
	if c.MayShow(http.StatusOK, access.Emergencies) {
		shown = gate.AppendEmergency(nil, reviewed)
	}
	gate.Reply(w, http.StatusOK, gate.JSONType, shown)
	return nil
}
