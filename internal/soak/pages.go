// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// page is a page of life that one actor alone writes.
type page struct {
	book, id      string
	first, newest content // as it was created, and as it must be now
}

func (p *page) path() string { return "/pols/" + p.book + "/" + p.id }

func (p *page) key() key { return key{"page", p.id} }

// pageWriter is one who writes pages.
type pageWriter struct {
	soak   *soak
	client *client
	pages  []*page
	edits  int
}

// write creates a page. A reply that got lost makes the client send it again.
func (w *pageWriter) write(ctx context.Context, book string, filled content) {
	p := &page{book: book, id: uuid(w.client.chance)}
	p.first = filled.with(content{"id": p.id, "book": book})
	p.newest = p.first
	r, _ := w.client.ask(ctx, request{http.MethodPost, p.path(), p.first.json(), nil}, http.StatusCreated, http.StatusOK)
	if !r.ok() {
		return
	}

	w.soak.ledger.note(p.key(), book, "create", p.first)
	w.pages = append(w.pages, p)
}

// any gives one of the pages; nil: there is none.
func (w *pageWriter) any() *page {
	if len(w.pages) == 0 {
		return nil
	}
	return w.pages[w.client.chance.IntN(len(w.pages))]
}

// repeat sends a page as it was created once more. That is a success, and changes nothing.
func (w *pageWriter) repeat(ctx context.Context, p *page) {
	w.client.ask(ctx, request{http.MethodPost, p.path(), p.first.json(), nil}, http.StatusOK)
}

// edit changes a page.
func (w *pageWriter) edit(ctx context.Context, p *page, node string) {
	w.edits++
	patch := content{"summary": fmt.Sprintf("edit %d of %s", w.edits, w.client.account), "modification_info": content{"node": node, "user": w.client.account}}
	r, _ := w.client.ask(ctx, request{http.MethodPatch, p.path(), patch.json(), nil}, http.StatusOK)
	if !r.ok() {
		return
	}

	p.newest = p.newest.with(patch)
	w.soak.ledger.note(p.key(), p.book, "update", p.newest)
}

// phonePage is a page as MyGNUHealth fills it in.
func phonePage(account string, pulse int) content {
	now := time.Now().UTC().Format("2006-01-02T15:04:05.000000")
	return content{
		"author": "Ana Betz", "author_acct": account, "page_date": now, "age": "33y 6m 27d", "domain": "medical",
		"context": "self_monitoring", "relevance": "normal", "privacy": false, "genetic_info": nil, "summary": nil,
		"measurements": []any{content{"bp": content{"systolic": 120, "diastolic": 80}}, content{"hr": pulse}},
		"info":         "Resting, before breakfast.", "node": "mygnuhealth", "fsynced": true,
		"creation_info": content{"user": account, "timestamp": now, "node": "mygnuhealth"},
	}
}

// nodePage is a page as a node of a hospital fills it in: its measurements are text.
func nodePage(account string, pulse int) content {
	return content{
		"page_date": time.Now().UTC().Format("2006-01-02 15:04:05"), "page_type": "medical", "medical_context": "encounter", "relevance": "normal",
		"health_condition_text": "Essential hypertension", "health_condition_code": "I10", "summary": "Visit",
		"measurements": fmt.Sprintf("{'bp': {'systolic': 120, 'diastolic': 80}, 'hr': %d, 't': 36.5}", pulse), "node": "hospital",
		"author_acct": account, "creation_info": content{"user": account, "node": "hospital"},
	}
}
