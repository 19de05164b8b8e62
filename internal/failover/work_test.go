// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"context"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"strings"
)

// phone pushes pages of its own person, one after the other and each over a connection of its own.
func (c *client) phone(ctx context.Context) {
	for n := 0; ctx.Err() == nil; n++ {
		id := c.newID("PHONE", n)
		page := pageOf(c.account, id)
		if c.send(request{method: "POST", path: "/pols/" + c.account + "/" + id, body: text(page)}) {
			c.ledger.made("page", id, page)
		}
		pause(rest)
	}
}

// node sends persons with pages and documents, changes them, and deletes every other page.
func (c *client) node(ctx context.Context) {
	for n := 0; ctx.Err() == nil; n++ {
		person, page := c.newID("PERSON", n), c.newID("PAGE", n)
		c.post("person", person, "/people/"+person, map[string]any{"id": person, "name": "Ana", "roles": []any{"end_user"}})
		c.patch("person", person, "/people/"+person, map[string]any{"lastname": person})
		path := "/pols/" + person + "/" + page
		c.post("page", page, path, pageOf(person, page))
		c.patch("page", page, path, map[string]any{"info": "first"})
		c.patch("page", page, path, map[string]any{"info": "second", "summary": page})

		if n%2 == 0 {
			c.upload(person, page, c.newID("DOCUMENT", n))
			continue
		}
		if c.send(request{method: "DELETE", path: path}) {
			c.ledger.deleted("page", page)
		}
		pause(rest)
	}
}

// newID gives an id that no other client gives.
func (c *client) newID(of string, n int) string {
	return fmt.Sprintf("%s%s%s%05d", c.ledger.prefix, of, c.account, n)
}

// pageOf is a page as phones write it.
func pageOf(person, id string) map[string]any {
	return map[string]any{
		"id": id, "book": person, "page_date": "2026-05-31 08:00:00", "domain": "medical", "context": "self_monitoring",
		"measurements": []any{map[string]any{"bp": map[string]any{"systolic": 120.0, "diastolic": 80.0}}},
	}
}

// post makes a record, if it is not there yet.
func (c *client) post(resource, id, path string, data map[string]any) {
	if c.send(request{method: "POST", path: path, body: text(data), ifNone: "*"}) {
		c.ledger.made(resource, id, data)
	}
	pause(rest)
}

func (c *client) patch(resource, id, path string, patch map[string]any) {
	if c.send(request{method: "PATCH", path: path, body: text(patch)}) {
		c.ledger.changed(resource, id, patch)
	}
	pause(rest)
}

// upload sends a document of 100 KB.
func (c *client) upload(person, page, id string) {
	content := strings.Repeat(id, 100_000/len(id))
	sum := sha512.Sum512([]byte(content))
	if c.send(request{method: "POST", path: "/personal_docs/" + person + "/" + page + "?id=" + id, body: content}) {
		c.ledger.made("document", id, map[string]any{"sha512": hex.EncodeToString(sum[:])})
	}
	pause(rest)
}

// read looks at its person again and again, and asks only for what has changed.
func (c *client) read(ctx context.Context) {
	known := ""
	for ctx.Err() == nil {
		header, _ := c.exchange(request{method: "GET", path: "/people/" + c.account, ifNone: known})
		known = header.Get("ETag")
		c.send(request{method: "GET", path: "/pols/" + c.account + "?limit=20"})
		pause(rest)
	}
}
