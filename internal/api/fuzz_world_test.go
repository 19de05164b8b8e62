// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/gate"
	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

// fuzzWorld is a hub and what a sequence of requests knows of it.
type fuzzWorld struct {
	*hub
	sql    *pgx.Conn
	rows   []gate.Row
	adding []gate.Row // those of POST and PATCH

	accounts, strangers []fuzzCaller // those that can log in, at first, and those that cannot

	places  []map[string]string // values of parts of a path, by their name in the route table
	markers []*fuzzMarker
	said    string // every text that requests have put into records, and the writers' ids

	others    []string        // roles that reach other persons' records
	reachedBy map[string]bool // accounts that have such a role, or had it before the last burst

	targets, tags, bodies []string // from earlier replies
	forms                 []fuzzForm
	fields, options       []string          // of forms: names, and values to choose from
	sessions              map[string]string // cookies by ids of accounts
}

// fuzzCaller is a way to present oneself.
type fuzzCaller struct {
	title    string
	id       string // "": nobody's
	password string
	header   string // sent instead of id and password, if it is not ""
}

// fuzzMarker is a text that stands in one record only, and in no request.
type fuzzMarker struct {
	text  string
	owner string // "": the record was deleted, and is nobody's any more
	path  string // of the record

	signed bool // it is the name of an author
}

// The passwords of planted persons, and one that is theirs only if a request changes it.
const (
	fuzzPassword      = "never to be shown"
	fuzzOtherPassword = "not to be shown either"
)

// newFuzzWorld plants a person for each of the shipped roles, and accounts of all other
// kinds, with a page and a document each.
func newFuzzWorld(t *testing.T) *fuzzWorld {
	t.Helper()
	w := &fuzzWorld{hub: quickHub(t), reachedBy: map[string]bool{}, sessions: map[string]string{}}
	w.WatchHealth()
	w.rows = w.Every()
	for _, row := range w.rows {
		if row.Method == http.MethodPost || row.Method == http.MethodPatch {
			w.adding = append(w.adding, row)
		}
	}
	w.sql = testdb.Connect(t, w.DB.URL)
	w.strangers = []fuzzCaller{
		{title: "nobody"}, {title: "unreadable", header: "Basic !!"}, {title: "bearer", header: "Bearer abc"},
		{title: "unknown", id: "NOBODY0001", password: "no password"}, {title: "no password", id: "NOPASS001"},
		{title: "PERSON-1", id: "PERSON-1", password: fuzzPassword},
	}

	for i, role := range w.shippedRoles() {
		id := fmt.Sprintf("FUZZED%03d", i)
		w.plant(id, role)
		usual := fuzzCaller{title: role, id: id, password: fuzzPassword}
		w.accounts = append(w.accounts, usual, usual, usual, fuzzCaller{title: role + " in small letters", id: strings.ToLower(id), password: fuzzPassword})
		w.strangers = append(w.strangers, fuzzCaller{title: role + " with another password", id: id, password: fuzzOtherPassword})
	}
	for _, id := range []string{"FUZZNONE", "FUZZODD", "FUZZINACTIVE", "fuzzsmall"} {
		w.plant(id, map[string]string{"FUZZNONE": "", "FUZZODD": "librarian"}[id])
		w.strangers = append(w.strangers, fuzzCaller{title: id, id: id, password: fuzzPassword})
	}
	w.accounts = append(w.accounts, fuzzCaller{title: "fuzzsmall", id: "fuzzsmall", password: fuzzPassword},
		fuzzCaller{title: "FUZZSMALL", id: "FUZZSMALL", password: fuzzPassword}, fuzzCaller{title: "fixture's root", id: root[0], password: root[1]})
	w.exec(`UPDATE people SET data = data || '{"roles": ["end_user"]}' WHERE id = 'fuzzsmall'`)
	w.exec(`UPDATE people SET data = data || '{"roles": ["end_user"], "active": false}' WHERE id = 'FUZZINACTIVE'`)
	for _, as := range w.accounts {
		w.signIn(as)
	}
	w.said = w.text(`SELECT string_agg(data::text, '') FROM (SELECT data FROM pols UNION ALL SELECT data FROM personal_docs) AS records
		WHERE data::text NOT LIKE '%FUZZ%'`)
	return w
}

// shippedRoles gives the names of the roles in etc/roles.cfg.
func (w *fuzzWorld) shippedRoles() (names []string) {
	w.T.Helper()
	text, err := os.ReadFile("../../etc/roles.cfg")
	if err != nil {
		w.T.Fatal(err)
	}
	var roles []struct {
		Role        string
		Permissions struct{ Global string }
	}
	if err := json.Unmarshal(text, &roles); err != nil {
		w.T.Fatal(err)
	}
	for _, r := range roles {
		names = append(names, r.Role)
		if r.Permissions.Global == "True" {
			w.others = append(w.others, r.Role)
		}
	}
	return names
}

// plant adds somebody with a page and a document. Each record has a marker of its own,
// and another one in its past.
func (w *fuzzWorld) plant(id, role string) {
	w.T.Helper()
	page, document := "page-of-"+id, "document-of-"+id
	w.places = append(w.places, map[string]string{
		"person": id, "other": "FUZZED000", "page": page, "document": document, "unit": "DU1", "institution": "INST1",
	})
	mark := func(path string) string {
		m := &fuzzMarker{text: fmt.Sprintf("planted%03d", len(w.markers)), owner: id, path: path}
		w.markers = append(w.markers, m)
		return m.text
	}
	person, book, file := "/people/"+id, "/pols/"+id+"/"+page, "/personal_docs/"+id+"/"+page+"/"+document

	w.exec(`INSERT INTO people VALUES ($1::text, jsonb_build_object('id', $1::text, 'roles', string_to_array($2, ','), 'password', $3::text,
		'name', $4::text, 'lastname', 'Planted', 'dob', '1990-10-04', 'gender', 'f'))`, id, role, testhub.QuickHash(w.T, fuzzPassword), mark(person))
	w.exec(`INSERT INTO pols VALUES ($1::text, $2::text, jsonb_build_object('id', $1::text, 'book', $2::text, 'summary', $3::text,
		'page_date', '2024-05-01 10:11:00'))`, page, id, mark(book))
	w.exec(`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ($1::text, $2::text, $3::text, convert_to($4, 'UTF8'),
		jsonb_build_object('id', $1::text, 'fedacct', $2::text, 'pol', $3::text, 'context', $5::text))`, document, id, page, mark(file), mark(file))
	w.exec(`UPDATE people SET data = data || jsonb_build_object('name', $2::text) WHERE id = $1`, id, mark(person))
	w.exec(`UPDATE pols SET data = data || jsonb_build_object('summary', $2::text) WHERE id = $1`, page, mark(book))
}

func (w *fuzzWorld) exec(sql string, args ...any) {
	w.T.Helper()
	if _, err := w.sql.Exec(w.T.Context(), sql, args...); err != nil {
		w.T.Fatal(err)
	}
}

// text gives the one value of a query.
func (w *fuzzWorld) text(sql string, args ...any) (text string) {
	w.T.Helper()
	if err := w.sql.QueryRow(w.T.Context(), sql, args...).Scan(&text); err != nil {
		w.T.Fatal(err)
	}
	return text
}
