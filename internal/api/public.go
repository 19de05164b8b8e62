// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// public answers everybody.
type public struct {
	db      *store.DB
	version string
	unready func() error
}

// getLogin is the smallest thing that only somebody who is known can have.
func getLogin(w http.ResponseWriter, _ *http.Request, _ *gate.Caller) error {
	gate.Reply(w, http.StatusOK, gate.JSONType, []byte("true"))
	return nil
}

// getLive says that the program runs.
func getLive(w http.ResponseWriter, _ *http.Request, _ *gate.Caller) error {
	gate.Reply(w, http.StatusOK, gate.JSONType, []byte(`{"status":"live"}`))
	return nil
}

// getReady says that requests can be answered: the database is there, and in order, and
// the server goes on. A database in which nothing can be written now can still be read.
func (h *public) getReady(w http.ResponseWriter, r *http.Request, _ *gate.Caller) error {
	if err := h.unready(); err != nil {
		return err
	}

	answer := `{"status":"ready"}`
	switch health := h.db.Health(r.Context()); {
	case !health.Answers:
		return fed.Errorf(fed.Unavailable, "The database does not answer.")
	case health.Broken:
		return fed.Errorf(fed.Unavailable, "The database is out of order; its own log says why.")
	case !health.Writes:
		answer = `{"status":"ready","writes":false}`
	}

	gate.Reply(w, http.StatusOK, gate.JSONType, []byte(answer))
	return nil
}
