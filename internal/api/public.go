// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"context"
	"net/http"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
	"thalamus/internal/web"
)

// public answers everybody.
type public struct {
	db      *store.DB
	version string
}

// getIndex tells a person with a browser what this is.
func (h *public) getIndex(w http.ResponseWriter, _ *http.Request, _ *gate.Caller) error {
	page, err := web.Index(h.version, endpoints)
	if err != nil {
		return err
	}
	gate.ReplyPage(w, http.StatusOK, page)
	return nil
}

var endpoints = []web.Endpoint{
	{Path: "/login", Methods: "GET", About: "true, if account and password are right"},
	{Path: "/people", Methods: "GET", About: "all persons, or those that a search finds"},
	{Path: "/people/{person}", Methods: "GET POST PATCH DELETE", About: "one person's demographics"},
	{Path: "/people/{person}/history", Methods: "GET", About: "every change of the person"},
	{Path: "/people/{person}/matches", Methods: "GET", About: "who is probably the same person"},
	{Path: "/people/{person}/links", Methods: "GET POST", About: "who is the same person, or is not"},
	{Path: "/people/{person}/links/{other}", Methods: "DELETE", About: "takes such a statement back"},
	{Path: "/pols/{person}", Methods: "GET DELETE", About: "the book of a person's life"},
	{Path: "/pols/{person}/{page}", Methods: "GET POST PATCH DELETE", About: "one page of life"},
	{Path: "/pols/{person}/{page}/history", Methods: "GET", About: "every change of the page"},
	{Path: "/personal_docs/{person}", Methods: "GET", About: "a person's documents"},
	{Path: "/personal_docs/{person}/{page}", Methods: "GET POST", About: "the documents of one page"},
	{Path: "/personal_docs/{person}/{page}/{document}", Methods: "GET PATCH DELETE", About: "one document"},
	{Path: "/domiciliary-units", Methods: "GET", About: "all domiciliary units"},
	{Path: "/domiciliary-units/{unit}", Methods: "GET POST PATCH DELETE", About: "one domiciliary unit"},
	{Path: "/institutions", Methods: "GET", About: "all institutions"},
	{Path: "/institutions/{institution}", Methods: "GET POST PATCH DELETE", About: "one institution"},
	{Path: "/changes", Methods: "GET", About: "what has changed since you asked last"},
	{Path: "/password/{person}", Methods: "GET POST", About: "a form to change the password"},
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

// getReady says that requests can be answered: the database is there, and in order. One
// whose disk is full can still be read.
func (h *public) getReady(w http.ResponseWriter, r *http.Request, _ *gate.Caller) error {
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
