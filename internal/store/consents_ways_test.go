// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"crypto/sha512"
	"slices"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

var ownerBook = store.BookQuery{Books: []string{"OWNER"}}

var pageWays = map[string]pageWay{
	"one page": {read: func(t *testing.T, v store.View) []string {
		return eachModelPage(t, func(id string) error {
			_, err := v.Page(t.Context(), "OWNER", id)
			return err
		})
	}},
	"one page with its time": {read: func(t *testing.T, v store.View) []string {
		return eachModelPage(t, func(id string) error {
			_, err := v.PageRevision(t.Context(), "OWNER", id)
			return err
		})
	}},
	"the book": {read: func(t *testing.T, v store.View) []string {
		return idsOf(t, func(take func(fed.Record) error) error { return v.EachPage(t.Context(), "OWNER", eager, take) })
	}},
	"the book by dates": {read: func(t *testing.T, v store.View) []string {
		return idsOf(t, func(take func(fed.Record) error) error {
			return v.EachPageOf(t.Context(), ownerBook, store.Keyset[store.BookKey]{}, eager, take)
		})
	}},
	"a part of the book": {read: func(t *testing.T, v store.View) []string {
		return idsOf(t, func(take func(fed.Record) error) error {
			return v.EachPageRevision(t.Context(), ownerBook, store.Keyset[store.BookKey]{Limit: 4}, eager, func(p store.PageRevision) error { return take(p.Record) })
		})
	}},
	"pages one after another": {read: func(t *testing.T, v store.View) (ids []string) {
		ids = []string{}
		for more, part := true, (store.Keyset[store.BookKey]{Limit: 1}); more; {
			var entries []store.PageEntry
			var err error
			entries, more, err = v.ListPages(t.Context(), ownerBook, []string{"id"}, part)
			must(t, err)
			if more && len(entries) != 1 {
				t.Errorf("a part has %d pages, and there are more", len(entries))
			}
			for _, e := range entries {
				ids, part.After = append(ids, e.ID), &e.Key
			}
		}
		return ids
	}},
	"dates of pages": {read: func(t *testing.T, v store.View) []string {
		dates, err := v.PageDates(t.Context(), "OWNER", modelPages)
		must(t, err)
		return slices.DeleteFunc(slices.Clone(modelPages), func(id string) bool { _, has := dates[id]; return !has })
	}},
	"documents": {read: func(t *testing.T, v store.View) []string {
		return idsOf(t, func(take func(fed.Record) error) error {
			return v.EachDocument(t.Context(), "OWNER", "", store.Keyset[string]{}, eager, func(e store.DocumentEntry) error { return take(e.Data) })
		})
	}},
	"documents with their times": {read: func(t *testing.T, v store.View) []string {
		return idsOf(t, func(take func(fed.Record) error) error {
			q := store.DocumentQuery{Person: "OWNER", ByTime: true}
			return v.EachDocumentRevision(t.Context(), q, store.Keyset[store.BookKey]{Limit: 10}, eager, func(d store.DocumentRevision) error { return take(d.Record) })
		})
	}},
	"bytes of documents": {read: func(t *testing.T, v store.View) []string {
		return eachModelPage(t, func(id string) error {
			key := store.DocumentKey{Person: "OWNER", Page: id, ID: id}
			_, err := v.Document(t.Context(), key)
			_, reading := v.OpenDocument(t.Context(), key, store.Document{Size: 1, SHA512: digestOfX[:]}, nil).Read(make([]byte, 1))
			if (err == nil) != (reading == nil) {
				t.Errorf("document %s: %v, its bytes: %v", id, err, reading)
			}
			return err
		})
	}},
	"documents without their bytes": {read: func(t *testing.T, v store.View) []string {
		return eachModelPage(t, func(id string) error {
			_, err := v.DocumentRevision(t.Context(), "OWNER", id)
			return err
		})
	}},
	"measurements": {read: func(t *testing.T, v store.View) []string {
		found := []string{}
		must(t, v.EachMeasured(t.Context(), "OWNER", time.Time{}, func(p store.MeasuredPage) error {
			found = append(found, p.ID)
			return nil
		}))
		slices.Sort(found)
		return found
	}},
	"histories": {past: true, read: func(t *testing.T, v store.View) []string {
		return eachModelPage(t, func(id string) error {
			return v.History(t.Context(), pageHistoryOf(id), store.HistoryPage{}, eager, func(store.HistoryEntry) error { return nil })
		})
	}},
	"first versions": {past: true, read: func(t *testing.T, v store.View) []string {
		return eachModelPage(t, func(id string) error {
			_, err := v.Version(t.Context(), pageHistoryOf(id), 1)
			return err
		})
	}},
	"differences": {past: true, read: func(t *testing.T, v store.View) []string {
		return eachModelPage(t, func(id string) error {
			all, err := v.Differences(t.Context(), pageHistoryOf(id), 10)
			if err == nil && len(all) == 0 {
				return fed.Errorf(fed.NotFound, "no differences")
			}
			return err
		})
	}},
	"the history of the book": {read: func(t *testing.T, v store.View) []string {
		found := []string{}
		must(t, v.BookHistory(t.Context(), "OWNER", true, eager, func(e store.HistoryEntry) error {
			if e.Resource == fed.Page {
				found = append(found, e.ID)
			}
			return nil
		}))
		return slices.Compact(found)
	}},
	"the feed": {past: true, read: func(t *testing.T, v store.View) []string {
		return changed(t, v, store.FeedQuery{})
	}},
	"the feed about the person": {past: true, read: func(t *testing.T, v store.View) []string {
		return changed(t, v, store.FeedQuery{Person: "OWNER", NoData: true})
	}},
}

// digestOfX is that of the only byte of the documents.
var digestOfX = sha512.Sum512([]byte("x"))

func pageHistoryOf(id string) store.HistoryQuery {
	return store.HistoryQuery{Resource: fed.Page, ID: id, Person: "OWNER", Global: true}
}

// changed gives the pages of which the feed tells, and fails unless it tells of the same pages' documents.
func changed(t *testing.T, v store.View, q store.FeedQuery) []string {
	t.Helper()
	q.Limit, q.All = 1000, []fed.Resource{fed.Person, fed.Page, fed.Document, fed.Unit, fed.Institution}
	page, err := v.Changes(t.Context(), q)
	must(t, err)

	found := map[fed.Resource][]string{fed.Page: {}, fed.Document: {}}
	for _, c := range page.Changes {
		found[c.Resource] = append(found[c.Resource], c.ID)
	}
	for resource := range found {
		slices.Sort(found[resource])
		found[resource] = slices.Compact(found[resource])
	}
	if !slices.Equal(found[fed.Page], found[fed.Document]) {
		t.Errorf("the feed tells of documents %q and pages %q", found[fed.Document], found[fed.Page])
	}
	return found[fed.Page]
}
