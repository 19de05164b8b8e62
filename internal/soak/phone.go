// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/http"
)

const pagesOfPhone = 60 // after which its owner is somebody else

// phone is MyGNUHealth: it asks whether its account is good, and sends its pages one after
// another, each on a connection of its own.
type phone struct {
	soak   *soak
	known  *directory
	chance *rand.Rand
	number int
	owners int

	pageWriter
}

func (p *phone) run(ctx context.Context) { p.soak.loop(ctx, p.chance, p.step) }

func (p *phone) step(ctx context.Context) {
	if p.client == nil || len(p.pages) >= pagesOfPhone {
		p.begin(ctx)
	}

	owner := p.client.account
	switch p.chance.IntN(12) {
	case 0:
		p.client.ask(ctx, get("/people/"+owner), http.StatusOK)
	case 1:
		p.readBook(ctx)
	case 2, 3:
		if written := p.any(); written != nil {
			p.edit(ctx, written, "mygnuhealth")
		}
	case 4:
		if written := p.any(); written != nil {
			p.repeat(ctx, written)
		}
	default:
		p.write(ctx, owner, phonePage(owner, 60+p.chance.IntN(60)))
	}
}

// begin gives the phone to a new person.
func (p *phone) begin(ctx context.Context) {
	p.owners++
	p.pageWriter = pageWriter{soak: p.soak, client: p.soak.register(ctx, citizen, "SOAK%02dA%04d", p.number, p.owners)}
	p.client.connections.DisableKeepAlives = true
	p.client.ask(ctx, get("/people/"+p.client.account), http.StatusOK)
	p.known.add(p.client.account)
}

// readBook reads the own book: whatever was acknowledged is in it, as it must be.
func (p *phone) readBook(ctx context.Context) {
	r, _ := p.client.ask(ctx, get("/pols/"+p.client.account), http.StatusOK)
	for _, written := range p.pages {
		if !bytes.Contains(r.body, []byte(written.id)) {
			p.soak.faults.add("the book of %s lacks page %s right after it was acknowledged", p.client.account, written.id)
		}
	}
}
