// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"net/http"
)

// node is a hospital's: it registers patients, writes pages into their books, and reads what
// others wrote.
type node struct {
	soak     *soak
	client   *client
	known    *directory
	patients []*patient
	writer   pageWriter
	edits    int
}

// patient is a person who has no password: the node alone writes the record.
type patient struct {
	id     string
	newest content
}

func (n *node) run(ctx context.Context) {
	n.writer = pageWriter{soak: n.soak, client: n.client}
	n.soak.loop(ctx, n.client.chance, n.step)
}

func (n *node) step(ctx context.Context) {
	chance := n.client.chance
	if len(n.patients) == 0 || chance.IntN(20) == 0 {
		n.admit(ctx)
		return
	}

	p, written := n.patients[chance.IntN(len(n.patients))], n.writer.any()
	switch chance.IntN(10) {
	case 0:
		n.change(ctx, p)
	case 1, 2:
		if written != nil {
			n.writer.edit(ctx, written, "hospital")
		}
	case 3:
		if written != nil {
			n.writer.repeat(ctx, written)
		}
	case 4, 5:
		n.look(ctx, n.known.pick(chance))
	default:
		n.writer.write(ctx, p.id, nodePage(n.client.account, 60+chance.IntN(60)))
	}
}

// admit registers a patient, as nodes do: without password and roles.
func (n *node) admit(ctx context.Context) {
	id := fmt.Sprintf("%sP%05d", n.client.account, len(n.patients))
	sent := content{"id": id, "name": "Patient" + id, "lastname": "Soak", "gender": "nb", "dob": "1980-01-31",
		"creation_info": content{"user": n.client.account, "node": "hospital"}}
	r, _ := n.client.ask(ctx, request{http.MethodPost, "/people/" + id, sent.json(), nil}, http.StatusCreated, http.StatusOK)
	if !r.ok() {
		return
	}

	p := &patient{id, sent.with(content{"roles": []any{citizen}})}
	n.patients = append(n.patients, p)
	n.soak.ledger.note(key{"person", id}, id, "create", p.newest)
	n.known.add(id)
}

// change changes a patient's record.
func (n *node) change(ctx context.Context, p *patient) {
	n.edits++
	patch := content{"id": p.id, "lastname": fmt.Sprintf("Soak %d", n.edits), "modification_info": content{"node": "hospital", "user": n.client.account}}
	r, _ := n.client.ask(ctx, request{http.MethodPatch, "/people/" + p.id, patch.json(), nil}, http.StatusOK)
	if !r.ok() {
		return
	}

	p.newest = p.newest.with(patch)
	n.soak.ledger.note(key{"person", p.id}, p.id, "update", p.newest)
}

// look reads the record and the book of anybody: the access record must say so.
func (n *node) look(ctx context.Context, person string) {
	if person == "" {
		return
	}
	for _, path := range []string{"/people/" + person, "/pols/" + person} {
		r, _ := n.client.ask(ctx, get(path), http.StatusOK)
		if r.ok() {
			n.soak.ledger.read(r, n.client.account, person)
		}
	}
}
