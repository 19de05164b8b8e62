// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// The decision is tried in every way in which pages are read.
func TestEveryWayToReadPagesWithholdsWhatTheStatementsSay(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	rapid.Check(t, func(check *rapid.T) {
		w := drawWorld(check)
		w.make(t, db)
		for _, reader := range modelReaders {
			there, past := w.readable(reader)
			for name, way := range pageWays {
				want := there
				if way.past {
					want = past
				}
				if diff := cmp.Diff(want, way.read(t, db.For(fed.Reader{Account: reader}))); diff != "" {
					check.Fatalf("%s by %s in %+v (-want +got)\n%s", name, reader, w, diff)
				}
			}
		}
	})
}

// readable gives the pages that a reader may read: those that are there, and all that were.
func (w modelWorld) readable(reader string) (there, past []string) {
	there, past = []string{}, []string{}
	for _, page := range w.pages {
		if w.withholds(reader, page) {
			continue
		}
		past = append(past, page.id)
		if !page.deleted {
			there = append(there, page.id)
		}
	}
	return there, past
}

// make makes the database so.
func (w modelWorld) make(t *testing.T, db *testdb.DB) {
	t.Helper()
	db.Exec(`DELETE FROM personal_docs; DELETE FROM pols; DELETE FROM people; DELETE FROM thalamus_changes; DELETE FROM thalamus_feed;
		DELETE FROM thalamus_consents; DELETE FROM thalamus_emergencies`)
	for reader, house := range w.houses {
		db.Exec(`INSERT INTO people (id, data) VALUES ($1::text, jsonb_build_object('institution', $2::text))`, reader, house)
	}
	db.Exec(`INSERT INTO institutions (id, data) VALUES ('NORTH', '{"name": "North Hospital"}'), ('SOUTH', '{}') ON CONFLICT DO NOTHING`)
	for reader, open := range w.emergencies {
		db.Exec(`INSERT INTO thalamus_emergencies (id, person, account, purpose, reason, until)
			VALUES ($1::text, 'OWNER', $1::text, 'ETREAT', 'why', now() + CASE WHEN $2 THEN interval '1 hour' ELSE interval '-1 s' END)`, reader, open)
	}
	for _, page := range w.pages {
		page.make(t, db)
	}
	for i, s := range w.statements {
		db.Exec(`INSERT INTO thalamus_consents (id, person, scope, who, effect, until, ended, account)
			VALUES ($1::int::text, 'OWNER', $2, $3, $4, $5, CASE WHEN $6 THEN now() END, CASE WHEN $7 THEN 'OWNER' ELSE 'CAY' END)`,
			i, s.scope, s.who, s.effect, s.until(), s.ended, s.byOwner)
	}
	must(t, db.Publish(t.Context()))
	db.CountPrivate(w.private)
}

func (p modelPage) make(t *testing.T, db *testdb.DB) {
	t.Helper()
	content := map[string]any{"id": p.id, "domain": p.domain, "context": p.context}
	if p.hospital {
		content = map[string]any{"id": p.id, "page_type": p.domain, "medical_context": p.context}
	}
	content["author_acct"], content["node"], content["measurements"], content["privacy"] = p.authorAccount, p.node, []int{1}, p.wasPrivate
	text, err := json.Marshal(content)
	must(t, err)

	db.Exec(`WITH by AS (SELECT set_config('thalamus.account', $1, true)) INSERT INTO pols (id, book, data) SELECT $2, 'OWNER', $3 FROM by`, p.account, p.id, text)
	db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ($1::text, 'OWNER', $1::text, 'x', jsonb_build_object('id', $1::text, 'pol', $1::text))`, p.id)
	db.Exec(`UPDATE pols SET data = data || jsonb_build_object('node', $2::text, 'author_acct', $3::text, 'privacy', $4::boolean) WHERE id = $1`,
		p.id, p.laterNode, p.laterAuthor, p.private)
	if p.deleted {
		db.Exec(`DELETE FROM personal_docs WHERE id = $1`, p.id)
		db.Exec(`DELETE FROM pols WHERE id = $1`, p.id)
	}
}

// pageWay reads all pages of the book, or what has their ids, and gives the ids.
type pageWay struct {
	past bool // deleted ones, too
	read func(t *testing.T, v store.View) []string
}

// eachModelPage gives those of all pages that can be read one by one.
func eachModelPage(t *testing.T, read func(id string) error) []string {
	t.Helper()
	found := []string{}
	for _, id := range modelPages {
		err := read(id)
		if err == nil {
			found = append(found, id)
		} else if fed.KindOf(err) != fed.NotFound {
			t.Fatal(err)
		}
	}
	return found
}

// idsOf reads a list of records.
func idsOf(t *testing.T, read func(take func(fed.Record) error) error) []string {
	t.Helper()
	found := []string{}
	must(t, read(func(r fed.Record) error {
		found = append(found, idOf(r))
		return nil
	}))
	slices.Sort(found)
	return found
}
