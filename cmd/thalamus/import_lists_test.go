// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/demo"
	"thalamus/internal/testdb"
)

// admin is the demo's administrator, who has one password there and another one later.
const (
	admin       = "ARGBUE111FAV"
	adminPwd    = "freedom"
	newAdminPwd = "freedom of movement"
)

// TestAFederationMovesByTheListsOfItsHub has nothing of the old hub but what GET gives.
func TestAFederationMovesByTheListsOfItsHub(t *testing.T) {
	t.Parallel()
	from, to := testdb.New(t), testdb.New(t)
	if err := demo.Fill(t.Context(), from.DB); err != nil {
		t.Fatal(err)
	}
	from.Exec(`INSERT INTO pols (id, book, data) VALUES ('phone', 'ESPGNU777ORG', '{"id": "phone", "book": null}'), ('mistyped', 'ESPGNU777ORG', '{"id": "mistyped", "book": "ITAPYT999HON"}');
		INSERT INTO people (id, data) VALUES ('SHORT', '{"id": "SHORT", "name": "Ñandú", "roles": ["end_user"]}')`)
	serving := []string{"THALAMUS_SERVER_LISTEN=127.0.0.1:0", "THALAMUS_PASSWORDS_COST=10"}
	lists := func(db *testdb.DB, password string) func(path string) string {
		base := "http://" + start(t, append(moving(db), serving...), "serve").address
		return func(path string) string {
			code, list := ask(t, "GET", base+path, admin, password, "")
			if code != 200 {
				t.Fatal(path, code, list)
			}
			return list
		}
	}
	old := lists(from, adminPwd)
	take := func(text string, args ...string) {
		t.Helper()
		if code, out := here(t, text, moving(to), append([]string{"import", "-"}, args...)...); code != 0 {
			t.Fatal(args, code, out)
		}
	}
	take(old("/people"), "--with-roles")
	persons := strings.Fields(from.Text(`SELECT string_agg(id, ' ') FROM people`))
	for _, person := range persons {
		take(old("/pols/"+person), "--book", person)
	}
	for resource, path := range map[string]string{"unit": "/domiciliary-units", "institution": "/institutions"} {
		t.Run(resource, func(t *testing.T) {
			take(indented(t, old(path)), "--resource", resource)
		})
	}
	if code, out := here(t, newAdminPwd+"\n", moving(to), "account", "password", admin); code != 0 {
		t.Fatal(out)
	}
	moved := lists(to, newAdminPwd)
	for _, path := range append([]string{"/people", "/domiciliary-units", "/institutions"}, books(persons)...) {
		if had, has := sorted(t, old(path)), sorted(t, moved(path)); !slices.Equal(had, has) || path == "/people" && len(had) != len(persons) {
			t.Errorf("%s was\n%s\nand is\n%s", path, had, has)
		}
	}
	take(strings.TrimSpace(old("/people?limit=2"))+indented(t, old("/people?limit=1000")), "--with-roles") // all are there
}

func books(persons []string) (paths []string) {
	for _, person := range persons {
		paths = append(paths, "/pols/"+person)
	}
	return paths
}

func indented(t *testing.T, list string) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(list), "", "  "); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// sorted gives the elements of a list in an order of their own.
func sorted(t *testing.T, list string) (elements []string) {
	t.Helper()
	var read []json.RawMessage
	if err := json.Unmarshal([]byte(list), &read); err != nil {
		t.Fatal(err)
	}
	for _, element := range read {
		elements = append(elements, string(element))
	}
	slices.Sort(elements)
	return elements
}
