// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// public has the handlers of endpoints without a person: start page, health and login.
type public struct {
	db      *store.DB
	version string
	unready func() error
}

// getLogin answers true to every caller who has logged in.
func getLogin(w http.ResponseWriter, _ *http.Request, _ *gate.Caller) error {
	gate.Reply(w, http.StatusOK, gate.JSONType, []byte("true"))
	return nil
}

// getLive answers as long as the program runs.
func getLive(w http.ResponseWriter, _ *http.Request, _ *gate.Caller) error {
	gate.Reply(w, http.StatusOK, gate.JSONType, []byte(`{"status":"live"}`))
	return nil
}

// getReady answers 200 if the server wants requests and the database answers and is in order. A
// database that takes no writes now can still be read, and one whose replicas are all left out, too; the reply
// says so.
func (h *public) getReady(w http.ResponseWriter, r *http.Request, _ *gate.Caller) error {
	if err := h.unready(); err != nil {
		return err
	}

	answer := `{"status":"ready"`
	switch health := h.db.Health(r.Context()); {
	case !health.Answers:
		return fed.Errorf(fed.Unavailable, "The database does not answer.")
	case health.Broken:
		return fed.Errorf(fed.Unavailable, "The database is out of order; its own log says why.")
	case !health.Writes:
		answer += `,"writes":false`
	}
	if !h.db.Replicas().Read() {
		answer += `,"replicas":false`
	}

	gate.Reply(w, http.StatusOK, gate.JSONType, []byte(answer+"}"))
	return nil
}
