// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// postPair decides a pair, or puts it off, and leads to the next one in the queue.
func (p duplicateAdmin) postPair(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	person, other := pairOf(c)
	if person == other {
		return fed.Errorf(fed.Invalid, "A person cannot be linked with itself.")
	}

	key, err := p.Store.DuplicateKeyOf(r.Context(), person, other)
	if err != nil && fed.KindOf(err) != fed.NotFound {
		return err
	}

	by, done := fed.Write{Account: c.Account.ID, Request: c.Request}, ""
	switch r.PostForm.Get("decision") {
	case "same":
		done, err = "done.pair_same", p.Store.DecidePair(r.Context(), by, person, other, true)
	case "apart":
		done, err = "done.pair_apart", p.Store.DecidePair(r.Context(), by, person, other, false)
	case "later":
		done, err = "done.pair_later", p.Store.PostponePair(r.Context(), person, other)
	default:
		err = fed.Errorf(fed.Malformed, "The form says nothing of the two.")
	}
	switch {
	case fed.KindOf(err) == fed.Conflict:
		return p.showPair(w, r, c, c.Refuse(w, err).Status, say("pair.contradiction"))
	case err != nil:
		return err
	}

	next, err := p.nextPair(r, c, key)
	if err != nil {
		c.Note(err) // what was asked for is done
	}
	return p.done(w, r, c, done, next)
}

// nextPair leads to the first pair behind a place, or to the queue if there is none but the one that was
// put off just now.
func (p duplicateAdmin) nextPair(r *http.Request, c *gate.Caller, place store.DuplicateKey) (path string, err error) {
	part := store.Keyset[store.DuplicateKey]{Limit: 1}
	if place.Person != "" {
		part.After = &place
	}

	found, _, err := store.DuplicateView(p.Store.For(c.Reader())).SuspectedPairs(r.Context(), part)
	if err != nil || len(found) == 0 || found[0].Key.Person == place.Person && found[0].Key.Other == place.Other {
		return "/portal/admin/duplicates", err
	}
	return inPortal(c, []string{"portal", "admin", "duplicates", found[0].Person.ID, found[0].Other.ID}), nil
}

// postUndo takes a decision back.
func (p duplicateAdmin) postUndo(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	person, other := pairOf(c)
	if err := p.Store.ReopenPair(r.Context(), person, other); err != nil {
		return err
	}
	return p.done(w, r, c, "done.pair_reopened", inPortal(c, []string{"portal", "admin", "duplicates", person, other}))
}
