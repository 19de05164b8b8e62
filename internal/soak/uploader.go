// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"net/http"
)

const largestScan = 256 << 10 // bytes

// uploader is somebody who scans letters: each document hangs on a page, and comes back as it
// was sent, to the owner and to a doctor.
type uploader struct {
	soak   *soak
	client *client
	reader *client // the doctor's
	pages  pageWriter
}

func (u *uploader) run(ctx context.Context) {
	u.pages = pageWriter{soak: u.soak, client: u.client}
	u.soak.loop(ctx, u.client.chance, u.step)
}

func (u *uploader) step(ctx context.Context) {
	owner := u.client.account
	if len(u.pages.pages) == 0 || u.client.chance.IntN(10) == 0 {
		u.pages.write(ctx, owner, phonePage(owner, 70))
		return
	}

	scan := make([]byte, 1+u.client.chance.IntN(largestScan))
	for i := range scan {
		scan[i] = byte(u.client.chance.Uint32())
	}
	u.upload(ctx, u.pages.any(), scan)
}

// upload sends a document, and reads it in both ways.
func (u *uploader) upload(ctx context.Context, page *page, scan []byte) {
	under, id := "/personal_docs/"+page.book+"/"+page.id, uuid(u.client.chance)
	r, _ := u.client.ask(ctx, request{http.MethodPost, under + "?id=" + id, string(scan), []string{"Content-Type", "image/png"}},
		http.StatusCreated, http.StatusOK)
	var stored content
	err := json.Unmarshal(r.body, &stored)
	if err != nil || !r.ok() {
		u.soak.faults.add("the upload of %s was answered with %d %.200s", id, r.status, r.body)
		return
	}

	digest := sha512.Sum512(scan)
	u.soak.ledger.keep(id, hex.EncodeToString(digest[:]))
	u.soak.ledger.note(key{"document", id}, page.book, "create", stored)
	for _, c := range []*client{u.client, u.reader} {
		r, _ := c.ask(ctx, get(under+"/"+id), http.StatusOK)
		if !bytes.Equal(r.body, scan) {
			u.soak.faults.add("document %s came back altered: %d bytes of %d", id, len(r.body), len(scan))
		}
		if c == u.reader {
			u.soak.ledger.read(r, c.account, page.book)
		}
	}
}
