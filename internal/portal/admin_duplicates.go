// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// duplicateAdmin are the screens of persons who are probably there twice.
type duplicateAdmin struct{ *Portal }

// listedPairs is how many pairs are shown at a time.
const listedPairs = 25

func (p duplicateAdmin) rows() []gate.Row {
	const pair = "/portal/admin/duplicates/{person}/{other}"
	undo := granted(http.MethodDelete, []gate.Row{screen("POST", pair+"/undo", access.Links, gate.OfPath, p.postUndo)})
	return append(undo,
		screen("GET", "/portal/admin/duplicates", access.Links, gate.Everybody, p.getQueue),
		screen("GET", "/portal/admin/decided-duplicates", access.Links, gate.Everybody, p.getDecided),
		screen("GET", pair, access.Links, gate.OfPath, p.getPair),
		screen("POST", pair, access.Links, gate.OfPath, p.postPair),
	)
}

// pairList is a part of the queue as it is shown, or of the pairs that were decided.
type pairList struct {
	Decided bool
	Pairs   []pairRow
	Undo    bool // the caller may take a decision back
	Pager   pager
}

// pairRow is a pair in a list.
type pairRow struct {
	Path          string
	Person, Other store.Suspect
	Percent       string
	Decision      message
	Account       string
	Time          time.Time
}

// decisions are the names of what was decided.
var decisions = map[string]string{"same": "pair.decided_same", "apart": "pair.decided_apart"}

func newPairRow(c *gate.Caller, found store.SuspectedPair) pairRow {
	return pairRow{
		Path: pairPath(c, found.Person.ID, found.Other.ID), Person: found.Person, Other: found.Other, Percent: percent(found.Score),
		Decision: say(decisions[found.Decided]), Account: found.Account, Time: found.Time,
	}
}

func pairPath(c *gate.Caller, person, other string) string {
	return c.Path("portal", "admin", "duplicates", person, other)
}

// percent writes a probability: never 100, for nobody is certain.
func percent(probability float64) string {
	return strconv.FormatFloat(min(probability*100, 99.9), 'f', 1, 64)
}

// getQueue shows the pairs that are to be decided, the most probable first.
func (p duplicateAdmin) getQueue(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	shown := pairList{}
	return p.showPairs(w, r, c, shown, store.DuplicateView(p.Store.For(c.Reader())).SuspectedPairs)
}

// getDecided shows the pairs that were decided, the last one first.
func (p duplicateAdmin) getDecided(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	shown := pairList{Decided: true, Undo: c.May(http.MethodDelete, access.Links)}
	return p.showPairs(w, r, c, shown, store.DuplicateView(p.Store.For(c.Reader())).DecidedPairs)
}

// pairReader gives a part of a list of pairs, and whether there are more.
type pairReader func(ctx context.Context, part store.Keyset[store.DuplicateKey]) ([]store.SuspectedPair, bool, error)

// showPairs shows a part of a list to those who may read persons, too.
func (p duplicateAdmin) showPairs(w http.ResponseWriter, r *http.Request, c *gate.Caller, shown pairList, read pairReader) error {
	if err := requireEverybody(c); err != nil {
		return err
	}
	place, part := r.URL.Query().Get("after"), store.Keyset[store.DuplicateKey]{Limit: listedPairs}
	if err := readAfter(place, store.ParseDuplicateKey, &part); err != nil {
		return err
	}
	found, more, err := read(r.Context(), part)
	if err != nil {
		return err
	}

	var ids []string
	for _, pair := range found {
		ids = append(ids, pair.Person.ID, pair.Other.ID)
		shown.Pairs = append(shown.Pairs, newPairRow(c, pair))
	}
	if err := c.RecordPersons(ids); err != nil {
		return err
	}

	path, title, next := c.Path("portal", "admin", "duplicates"), say("pairs.title"), ""
	if shown.Decided {
		path, title = c.Path("portal", "admin", "decided-duplicates"), say("pairs.decided_title")
	}
	if more {
		next = found[len(found)-1].Key.Format()
	}
	shown.Pager = newPager(path, url.Values{}, place, next)
	return p.reply(w, r, c, http.StatusOK, view{Template: "admin_duplicates", Title: title, Data: shown})
}

// requireEverybody refuses whose roles do not reach the records of everybody, which a comparison shows.
func requireEverybody(c *gate.Caller) error {
	if c.Reach(http.MethodGet, access.Person) != access.AllRecords {
		return c.Lacks(http.MethodGet, access.Person)
	}
	return nil
}
