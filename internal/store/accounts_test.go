// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

func TestCredentialsAreReadFromWhateverIsStored(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, c := range []struct {
		data any
		want fed.Credentials
	}{
		{`{"password": "h", "roles": ["a", "b"]}`, fed.Credentials{Hash: "h", Roles: []string{"a", "b"}}},
		{`{"password": "h", "active": true}`, fed.Credentials{Hash: "h"}},
		{`{"password": "h", "active": false}`, fed.Credentials{Hash: "h", Inactive: true}},
		{`{"password": "h", "active": "false"}`, fed.Credentials{Hash: "h", Inactive: true}},
		{`{"password": "h", "active": "true"}`, fed.Credentials{Hash: "h", Inactive: true}},
		{`{"password": "h", "active": 1}`, fed.Credentials{Hash: "h", Inactive: true}},
		{`{"password": "h", "active": [true]}`, fed.Credentials{Hash: "h", Inactive: true}},
		{`{"password": "h", "active": null}`, fed.Credentials{Hash: "h"}},
		{`{"password": null, "roles": null}`, fed.Credentials{}},
		{`{"password": "", "roles": []}`, fed.Credentials{}},
		{`{}`, fed.Credentials{}},
		// Roles that are no array grant nothing, nor do elements that are no text.
		{`{"roles": "root"}`, fed.Credentials{}},
		{`{"roles": "[\"root\"]"}`, fed.Credentials{}},
		{`{"roles": {"root": "root"}}`, fed.Credentials{}},
		{`{"roles": 5}`, fed.Credentials{}},
		{`{"roles": [["root"], {"root": 1}, null, 1, true, "a"]}`, fed.Credentials{Roles: []string{"a"}}},
		{nil, fed.Credentials{}},
		{`null`, fed.Credentials{}},
		{`["password"]`, fed.Credentials{}},
		{`"password"`, fed.Credentials{}},
	} {
		db.Exec(`INSERT INTO people (id, data) VALUES ('A', $1) ON CONFLICT (id) DO UPDATE SET data = excluded.data`, c.data)
		c.want.ID = "A"
		got, known, err := db.Credentials(t.Context(), "A", "A")
		if diff := cmp.Diff(c.want, got); diff != "" || !known || err != nil {
			t.Errorf("%v: known %v, %v: %s", c.data, known, err, diff)
		}
	}
}

func TestAnAccountIsMatchedExactly(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	for _, id := range []string{"a", "A ", " A", "nobody", "", "%", "_"} {
		if c, known, err := db.Credentials(t.Context(), id, id); known || err != nil {
			t.Errorf("%q: %v, %v, %v", id, c, known, err)
		}
	}
}

func TestTheSpellingThatIsWrittenWinsOverUpperCase(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, step := range []struct{ sql, typed, want string }{
		{`INSERT INTO people VALUES ('ANA', '{}')`, "ana", "ANA"},
		{`INSERT INTO people VALUES ('ana', '{}')`, "ana", "ana"},
		{`INSERT INTO people VALUES ('Ana', '{}')`, "ana", "ana"},
		{`DELETE FROM people WHERE id = 'ana'`, "ana", "ANA"},
		{`DELETE FROM people WHERE id = 'ANA'`, "ana", ""},
		{`SELECT`, "Ana", "Ana"},
	} {
		t.Run(step.sql, func(t *testing.T) {
			db.Exec(step.sql)
			got, known, err := db.Credentials(t.Context(), step.typed, strings.ToUpper(step.typed))
			if got.ID != step.want || known != (step.want != "") || err != nil {
				t.Errorf("after %s %s is %q, %v, want %q", step.sql, step.typed, got.ID, err, step.want)
			}
		})
	}
}

func TestAnUpgradeOfAHashThatIsNoLongerStoredChangesNothing(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people VALUES ('A', '{"id": "A", "password": "old"}')`)
	db.Exec(`UPDATE people SET data = data || '{"password": "newer"}'`)
	const everything = `SELECT (SELECT string_agg(p::text, ' ') FROM people p) || (SELECT string_agg(c::text, ' ') FROM thalamus_changes c)`
	before := db.Text(everything)
	for _, id := range []string{"A", "NOBODY"} {
		must(t, db.UpgradeHash(t.Context(), id, "old", "upgraded"))
	}
	if after := db.Text(everything); after != before {
		t.Errorf("it changed %s to %s", before, after)
	}
	must(t, db.UpgradeHash(t.Context(), "A", "newer", "upgraded"))
	if got, _, err := db.Credentials(t.Context(), "A", "A"); got.Hash != "upgraded" || err != nil {
		t.Errorf("the stored one was not upgraded: %q, %v", got.Hash, err)
	}
}

// A question whether a change would be refused has the change's own answer.
func TestAChangeOfAPersonIsJudgedBeforehandAsItWillBe(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people VALUES ('A', '{"roles": ["root"]}'), ('LIST', '[]'), ('NULL', NULL)`)
	change := func(alter func(*store.PersonChange)) store.PersonChange {
		c := store.PersonChange{Patch: nothing, Filled: nothing, Roles: nothing, Password: true}
		alter(&c)
		return c
	}
	for name, c := range map[string]struct {
		id     string
		w      fed.Write
		change store.PersonChange
		want   fed.Kind
	}{
		"another version": {"A", fed.Write{Versions: []int64{9}}, change(func(c *store.PersonChange) { c.Own = true }), fed.Stale},
		"nobody":          {"B", nobody, change(func(c *store.PersonChange) { c.Own = true }), fed.NotFound},
		"no object":       {"LIST", nobody, change(func(c *store.PersonChange) { c.Own = true }), fed.Invalid},
		"holds roles":     {"A", nobody, change(func(*store.PersonChange) {}), fed.Forbidden},
		"other roles":     {"A", nobody, change(func(c *store.PersonChange) { c.Own, c.Patch = true, fed.Record(`{"roles": []}`) }), fed.Forbidden},
		"too wide": {"A", nobody, change(func(c *store.PersonChange) {
			c.Own, c.Patch = true, fed.Record(`{"n": [0`+strings.Repeat(",0", testdb.MaxElements)+`]}`)
		}), fed.Invalid},
		"another id": {"A", nobody, change(func(c *store.PersonChange) { c.Own, c.Patch = true, fed.Record(`{"id": "B"}`) }), fed.Invalid},
		"wrong roles": {"A", nobody, change(func(c *store.PersonChange) {
			c.Administers, c.WrongRoles, c.Patch = true, true, fed.Record(`{"roles": 5}`)
		}), fed.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			wantKind(t, db.CheckPersonChange(t.Context(), c.w, c.id, c.change), c.want)
			_, err := db.ChangePerson(t.Context(), c.w, c.id, c.change)
			if fed.KindOf(err) != c.want {
				t.Errorf("the change gives %v", err)
			}
		})
	}
	own := change(func(c *store.PersonChange) { c.Own = true })
	for _, id := range []string{"A", "NULL"} {
		must(t, db.CheckPersonChange(t.Context(), nobody, id, own))
		if _, err := db.ChangePerson(t.Context(), nobody, id, own); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestOnlyADeletedIDIsGoneForANewPerson(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people VALUES ('A', '{"active": false}'), ('B', '{"active": false}'), ('C', '{}')`)
	db.Exec(`DELETE FROM people WHERE id IN ('A', 'B')`)
	db.Exec(`INSERT INTO people VALUES ('B', '{}')`)
	wantKind(t, db.CheckNewPerson(t.Context(), nobody, "A"), fed.Gone)
	must(t, db.CheckNewPerson(t.Context(), fed.Write{Recreate: true}, "A"))
	for _, id := range []string{"B", "C", "NEW"} {
		must(t, db.CheckNewPerson(t.Context(), nobody, id))
	}
}
