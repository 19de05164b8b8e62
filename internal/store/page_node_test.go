// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// pageNodes says from which node a page is that has these keys.
var pageNodes = map[string]string{
	`"node": "mygnuhealth"`:                                                                "mygnuhealth",
	`"node": "phone", "creation_info": {"node": "clinic"}`:                                 "clinic",
	`"node": "phone", "modification_info": {"node": "clinic"}`:                             "clinic",
	`"node": "phone", "creation_info": {"user": "u"}, "modification_info": {"node": null}`: "phone",
	`"node": "phone", "creation_info": null, "modification_info": ["node"]`:                "phone",
	`"node": "phone", "creation_info": {"node": ""}, "modification_info": {"node": 5}`:     "phone",
	`"node": "", "creation_info": {"node": "clinic"}`:                                      "clinic",
	`"node": "", "creation_info": {"node": ""}`:                                            "-",
	`"node": null`: "-", `"node": 5`: "-", `"node": {"node": "x"}`: "-", `"node": ["x"]`: "-", `"name": "x"`: "-",
	`"node": "` + strings.Repeat("ñ", 300) + `"`: strings.Repeat("ñ", 255),
}

// nodeOf is the node of the last change of a record.
func nodeOf(db *testdb.DB, resource, id string) string {
	return db.Text(`SELECT COALESCE(node, '-') FROM thalamus_changes WHERE resource = $1 AND id = $2 ORDER BY seq DESC LIMIT 1`, resource, id)
}

func TestAPageNamesItsNodeWhereNoInfoObjectDoes(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	n := 0
	for keys, want := range pageNodes {
		n++
		id := fmt.Sprint("page ", n)
		_, _, err := db.CreatePage(t.Context(), doctor, "A", id, fed.Record(`{`+keys+`}`))
		must(t, err)
		wantText(t, nodeOf(db, "page", id), nil, want)
		_, err = db.ChangePage(t.Context(), doctor, "A", id, fed.Record(`{"n": 1}`)) // this names none
		must(t, err)
		wantText(t, nodeOf(db, "page", id), nil, "-")
		_, err = db.ChangePage(t.Context(), doctor, "A", id, fed.Record(`{"n": 2, `+keys+`}`))
		must(t, err)
		wantText(t, nodeOf(db, "page", id), nil, want)
	}
}

func TestTheInfoObjectOfTheRequestNamesTheNode(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	both := fed.Record(`{"creation_info": {"node": "maker"}, "modification_info": {"node": "changer"}}`)
	_, _, err := db.CreatePage(t.Context(), doctor, "A", "both", both)
	must(t, err)
	wantText(t, nodeOf(db, "page", "both"), nil, "maker")
	_, err = db.ChangePage(t.Context(), doctor, "A", "1", both)
	must(t, err)
	wantText(t, nodeOf(db, "page", "1"), nil, "changer")
}

func TestAPageThatOthersWriteNamesItsNode(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	n := 0
	for keys, want := range pageNodes {
		n++
		id := fmt.Sprint("page ", n)
		db.Exec(`INSERT INTO pols (id, book, data) VALUES ($1, 'A', $2)`, id, `{`+keys+`}`)
		wantText(t, nodeOf(db, "page", id), nil, want)
		db.Exec(`UPDATE pols SET data = data || '{"n": 1}' WHERE id = $1`, id)
		wantText(t, nodeOf(db, "page", id), nil, "-")
	}
	for _, c := range [][2]string{
		{`{"node": "other"}`, "other"}, {`{"node": "other", "n": 2}`, "-"}, {`{"node": "third", "modification_info": {"node": "clinic"}}`, "clinic"},
		{`{"node": "fourth", "modification_info": {"node": "clinic"}}`, "fourth"}, {`{"node": ""}`, "-"},
	} {
		db.Exec(`UPDATE pols SET data = data || $1::jsonb WHERE id = '1'`, c[0])
		wantText(t, nodeOf(db, "page", "1"), nil, c[1])
	}
}

// The key "node" has no meaning in other records.
func TestOnlyPagesNameTheirNodeThemselves(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	named := fed.Record(`{"node": "phone"}`)
	_, _, err := db.CreatePerson(t.Context(), doctor, "P", named, nothing)
	must(t, err)
	wantText(t, nodeOf(db, "person", "P"), nil, "-")
	_, err = db.ChangePerson(t.Context(), doctor, "P", patchOf(`{"node": "other"}`))
	must(t, err)
	wantText(t, nodeOf(db, "person", "P"), nil, "-")
	u := upload("d", true, []byte("bytes"))
	u.Data = named
	_, _, _, err = db.CreateDocument(t.Context(), doctor, u)
	must(t, err)
	_, err = db.ChangeDocument(t.Context(), doctor, store.DocumentKey{Person: "A", Page: "1", ID: "d"}, fed.Record(`{"node": "other"}`))
	must(t, err)
	wantText(t, nodeOf(db, "document", "d"), nil, "-")
	db.Exec(`INSERT INTO dus (id, data) VALUES ('U', '{"node": "phone"}')`)
	db.Exec(`UPDATE dus SET data = '{"node": "other"}'`)
	wantText(t, nodeOf(db, "unit", "U"), nil, "-")
}
