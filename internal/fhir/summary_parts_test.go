// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/store"
)

// eager is a reader of a list who takes all at once.
type eager struct{}

func (eager) ReservePiece(_ context.Context, needed int64) (int64, error) {
	return max(needed, store.PieceBytes), nil
}
func (eager) AcquireSlot(context.Context) error   { return nil }
func (eager) ReserveStream(context.Context) error { return nil }
func (eager) Flush() bool                         { return true }

// wholeSummary makes the summary of all pages of a book, whatever they have.
func (h *hub) wholeSummary(person string, zone *time.Location) *resource.Summary {
	h.T.Helper()
	made, view := (*resource.Summary)(nil), h.DB.For(fed.Operator)
	record := func(r store.Revision) resource.Record {
		return resource.Record{ID: r.ID, Version: r.Version, Changed: r.Changed, Data: r.Record}
	}
	stored, err := view.PersonRevision(h.T.Context(), person)
	if err != nil {
		h.T.Fatal(err)
	}
	made = resource.NewSummary(record(stored), zone)
	newestFirst := store.BookQuery{Books: []string{person}, Descending: true}
	err = view.EachPageRevision(h.T.Context(), newestFirst, store.Keyset[store.BookKey]{}, eager{}, func(page store.PageRevision) error {
		made.Add(resource.ReadPage(person, record(page.Revision), zone))
		return nil
	})
	if err != nil {
		h.T.Fatal(err)
	}
	return made
}

// The hub reads no more pages than a summary needs; it has what the summary of all of them has, to the byte. Books are
// odd, short and long, and some have the newest of a measurement far behind.
func TestASummaryOfSomePagesIsThatOfAll(t *testing.T) {
	t.Parallel()
	h := quickHub(t, inMadrid(t))
	h.plantDemo()
	persons := append(plantOddBooks(h.Hub, t, 500), ana[0], "LONG", "LAST", "WORDS")
	h.DB.Exec(`
WITH persons AS (
	INSERT INTO people (id, data) SELECT id, jsonb_build_object('id', id) FROM unnest(ARRAY['LONG', 'LAST', 'WORDS']) AS id RETURNING id
), odd AS (
	SELECT row_number() OVER (ORDER BY md5(id)) AS n, data FROM pols WHERE book LIKE 'ODD%'
)
INSERT INTO pols (id, book, data)
SELECT persons.id || n, persons.id, odd.data || jsonb_build_object('page_date', '2024-01-01'::date - n::int % 700) || CASE persons.id
	WHEN 'LAST' THEN jsonb_build_object('measurements', CASE WHEN n % 300 <> 7 THEN '[{"hr": 70, "wt": "much"}, {"nutrition": 1}]' ELSE data -> 'measurements' END)
	WHEN 'WORDS' THEN '{"measurements": "{''\\x68r'': 71}"}'
	ELSE '{}' END
FROM persons, odd`)
	h.person("BACK", `{}`)
	persons = append(persons, "BACK")
	h.DB.Exec(`INSERT INTO pols (id, book, data) SELECT 'BACK' || n, 'BACK', jsonb_build_object('page_date', '2024-01-01'::date - n,
		'measurements', CASE n WHEN 90 THEN '[{"rr": 14}, {"hr": 60}]' ELSE '[{"hr": 70}]' END::jsonb) FROM generate_series(1, 99) AS n`)
	zone, _ := time.LoadLocation("Europe/Madrid")
	for _, person := range persons {
		a := h.Do(root, http.MethodGet, "/fhir/Patient/"+url.PathEscape(resource.ID(person))+"/$summary", "").Want(t, http.StatusOK)
		var d document
		if err := json.Unmarshal([]byte(a.Text), &d); err != nil {
			t.Fatal(err)
		}
		made, _ := time.Parse(time.RFC3339, d.Timestamp)
		want := h.wholeSummary(person, zone).JSON(resource.SummaryDocument{
			Base: h.URL + "/fhir/", Version: "test", Made: made, Document: d.Identifier.Value[len("urn:uuid:"):], Composed: d.Entry[0].Resource.ID, Author: d.Entry[2].Resource.ID,
		})
		if a.Text != string(want) {
			t.Errorf("%s: (-of all +of some)\n%s", person, cmp.Diff(string(want), a.Text))
		}
	}
}
