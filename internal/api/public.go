// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"context"
	"net/http"
	"time"

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
// the server goes on. A database whose disk is full can still be read.
func (h *public) getReady(w http.ResponseWriter, r *http.Request, _ *gate.Caller) error {
	if err := h.unready(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := h.db.Ping(ctx); err != nil {
		return &fed.Error{Kind: fed.Unavailable, Msg: "The database does not answer.", Err: err}
	}
	answer := `{"status":"ready"}`
	switch broken, full := h.db.Trouble(); {
	case broken:
		return fed.Errorf(fed.Unavailable, "The database is out of order; its own log says why.")
	case full:
		answer = `{"status":"ready","writes":false}`
	}
	gate.Reply(w, http.StatusOK, gate.JSONType, []byte(answer))
	return nil
}
