// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"net/http"
)

// registry is an administrator: units and institutions come, change and go, and so do persons
// who were registered by mistake. An id that was deleted is used again.
type registry struct {
	soak   *soak
	client *client
	rounds int
}

func (g *registry) run(ctx context.Context) { g.soak.loop(ctx, g.client.chance, g.step) }

// step lets one record after another live.
func (g *registry) step(ctx context.Context) {
	g.rounds++
	number := g.rounds / 3 // so that each id comes back
	switch g.rounds % 3 {
	case 0:
		g.live(ctx, key{"unit", fmt.Sprintf("SOAKDU%d", number%7)}, "/domiciliary-units/")
	case 1:
		g.live(ctx, key{"institution", fmt.Sprintf("SOAKINST%d", number%5)}, "/institutions/")
	case 2:
		g.live(ctx, key{"person", fmt.Sprintf("SOAKMISTAKE%d", number%9)}, "/people/")
	}
}

// live creates a record, changes it, and deletes it.
func (g *registry) live(ctx context.Context, k key, under string) {
	path, person := under+k.id, ""
	record := content{"id": k.id, "name": fmt.Sprintf("of round %d", g.rounds)}
	if k.resource == "person" {
		person = k.id
		record = record.with(content{"roles": []any{citizen}})
	}
	r, _ := g.client.ask(ctx, request{http.MethodPost, path, record.json(), nil}, http.StatusCreated, http.StatusOK)
	if !r.ok() {
		return
	}
	g.soak.ledger.note(k, person, "create", record)

	patch := content{"active": false, "round": g.rounds}
	r, _ = g.client.ask(ctx, request{http.MethodPatch, path, patch.json(), nil}, http.StatusOK)
	if !r.ok() {
		return
	}
	g.soak.ledger.note(k, person, "update", record.with(patch))

	r, again := g.client.ask(ctx, request{http.MethodDelete, path, "", nil}, http.StatusNoContent, http.StatusNotFound)
	if r.status == http.StatusNotFound && !again {
		g.soak.faults.add("DELETE %s: not found right after it was changed", path)
	}
	g.soak.ledger.note(k, person, "delete", nil)
}
