// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
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
		db.Exec(step.sql)
		got, known, err := db.Credentials(t.Context(), step.typed, strings.ToUpper(step.typed))
		if got.ID != step.want || known != (step.want != "") || err != nil {
			t.Errorf("after %s %s is %q, %v, want %q", step.sql, step.typed, got.ID, err, step.want)
		}
	}
}
