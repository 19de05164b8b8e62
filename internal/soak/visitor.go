// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
)

// visitor is somebody with a browser: signs in, looks at the screens, fills in forms, and
// signs out after a while.
type visitor struct {
	soak   *soak
	client *client // of the same account, without a session
	forms  int
}

// browser is a session. Its cookie is good at all hubs.
type browser struct {
	*client
	cookie string
}

var (
	screens = []string{
		"/portal/", "/portal/book", "/portal/book?q=breakfast", "/portal/measurements", "/portal/documents", "/portal/access",
		"/portal/sessions", "/portal/summary", "/docs/",
	}
	pageOfForm = regexp.MustCompile(`name="id" value="([0-9a-f-]{36})"`)
)

func (v *visitor) run(ctx context.Context) {
	v.soak.loop(ctx, v.client.chance, func(ctx context.Context) {
		b := v.signIn(ctx)
		for range 10 + v.client.chance.IntN(30) {
			if b == nil || ctx.Err() != nil {
				break
			}
			v.act(ctx, b)
		}
		if b != nil {
			b.post(ctx, "/portal/sign-out", url.Values{})
		}
	})
}

// signIn fills in the form; nil: it was refused, which is a fault.
func (v *visitor) signIn(ctx context.Context) *browser {
	b := &browser{client: v.soak.newClient("")}
	r := b.post(ctx, "/portal/sign-in", url.Values{"account": {v.client.account}, "password": {password}})
	cookies := (&http.Response{Header: r.header}).Cookies()
	if len(cookies) == 0 {
		v.soak.faults.add("%s signed in and got no cookie: %d", v.client.account, r.status)
		return nil
	}
	b.cookie = cookies[0].Name + "=" + cookies[0].Value
	return b
}

// act looks at a screen, or fills in a form.
func (v *visitor) act(ctx context.Context, b *browser) {
	if v.client.chance.IntN(4) == 0 {
		v.fillIn(ctx, b)
		return
	}
	b.ask(ctx, get(screens[v.client.chance.IntN(len(screens))], "Cookie", b.cookie, "Accept", "text/html"), http.StatusOK)
	pause(ctx, v.soak.pause)
}

// fillIn writes a page by the form. A form that is sent again is one page.
func (v *visitor) fillIn(ctx context.Context, b *browser) {
	shown, _ := b.ask(ctx, get("/portal/new", "Cookie", b.cookie, "Accept", "text/html"), http.StatusOK)
	found := pageOfForm.FindSubmatch(shown.body)
	if found == nil {
		v.soak.faults.add("the form of a new page has no id: %d %.300s", shown.status, shown.body)
		return
	}

	v.forms++
	id, summary := string(found[1]), fmt.Sprintf("form %d of %s", v.forms, v.client.account)
	r := b.post(ctx, "/portal/new", url.Values{"id": {id}, "kind": {"self_monitoring"}, "date": {"2026-05-01T10:11"}, "summary": {summary}})
	if r.status != http.StatusSeeOther {
		return
	}
	v.note(ctx, id, summary)
}

// note takes the page that was made of a form into the ledger: nobody else changes it.
func (v *visitor) note(ctx context.Context, id, summary string) {
	account := v.client.account
	r, _ := v.client.ask(ctx, get("/pols/"+account+"/"+id), http.StatusOK)
	var stored content
	err := json.Unmarshal(r.body, &stored)
	if err != nil || stored["summary"] != summary {
		v.soak.faults.add("the form of page %s was altered: %v, %.300s", id, err, r.body)
		return
	}
	v.soak.ledger.note(key{"page", id}, account, "create", stored)
}

// post sends a form of the hub's own pages.
func (b *browser) post(ctx context.Context, path string, form url.Values) reply {
	r, _ := b.ask(ctx, request{http.MethodPost, path, form.Encode(), []string{
		"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin", "Cookie", b.cookie, "Accept", "text/html",
	}}, http.StatusSeeOther)
	return r
}
