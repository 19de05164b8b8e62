// SPDX-License-Identifier: GPL-3.0-or-later

package feed_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// reusedIDHub makes a hub in which Ana's id was somebody else's before, and her page and
// its document were deleted once, and written anew.
func reusedIDHub(t *testing.T) *hub {
	t.Helper()
	h := liveHub(t)
	const page, document = `INSERT INTO pols (id, book, data) VALUES ('p', 'ESPGNU777ORG', '{"id": "p", "life": "%s"}')`,
		`INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('d', 'ESPGNU777ORG', 'p', '{"life": "%s"}')`

	account := h.DB.Text(`SELECT data::text FROM people WHERE id = 'ESPGNU777ORG'`)
	for _, sql := range []string{
		`UPDATE people SET data = data || '{"life": "former"}' WHERE id = 'ESPGNU777ORG'`,
		fmt.Sprintf(page, "former"), fmt.Sprintf(document, "former"), `DELETE FROM personal_docs`, `DELETE FROM pols`, `DELETE FROM people WHERE id = 'ESPGNU777ORG'`,
		`INSERT INTO people (id, data) VALUES ('ESPGNU777ORG', '` + account + `')`,
		fmt.Sprintf(page, "mistaken"), fmt.Sprintf(document, "mistaken"), `DELETE FROM personal_docs`, `DELETE FROM pols`,
		fmt.Sprintf(page, "present"), fmt.Sprintf(document, "present"), `UPDATE people SET data = data || '{"life": "present"}' WHERE id = 'ESPGNU777ORG'`,
	} {
		h.DB.Exec(sql)
	}

	return h
}

// historyReads are all ways to read the history of Ana and her page. The event stream is
// read up to the last change there is.
var historyReads = map[string]func(h *hub, account []string) string{
	"feed":         func(h *hub, account []string) string { return h.Do(account, "GET", "/changes?limit=1000", "").Text },
	"about Ana":    func(h *hub, account []string) string { return h.Do(account, "GET", "/changes?person="+ana[0], "").Text },
	"long poll":    func(h *hub, account []string) string { return h.Do(account, "GET", "/changes?wait=60s", "").Text },
	"without data": func(h *hub, account []string) string { return h.Do(account, "GET", "/changes?data=none", "").Text },
	"stream": func(h *hub, account []string) (text string) {
		stream := h.events(account, "resource=person,page,document")
		for !strings.Contains(text, `"version":5,"operation":"update"`) {
			block, err := stream.block()
			if err != nil {
				h.T.Fatal(err)
			}
			text += block
		}

		return text
	},
	"history of the person": func(h *hub, account []string) string {
		return h.Do(account, "GET", "/people/ESPGNU777ORG/history", "").Text
	},
	"history of the page": func(h *hub, account []string) string {
		return h.Do(account, "GET", "/pols/ESPGNU777ORG/p/history", "").Text
	},
	"versions": func(h *hub, account []string) (all string) {
		for version := range 7 {
			for _, path := range []string{"/people/ESPGNU777ORG", "/pols/ESPGNU777ORG/p"} {
				all += h.Do(account, "GET", fmt.Sprint(path, "?version=", version+1), "").Text
			}
		}
		return all
	},
}

func TestNoReadOfHistoryShowsMoreThanAnother(t *testing.T) {
	t.Parallel()
	h := reusedIDHub(t)
	for way, read := range historyReads {
		own, global := read(h, ana), read(h, root)
		for _, secret := range []string{"former", "mistaken"} {
			if strings.Contains(own, secret) {
				t.Errorf("%s: Ana sees what is %s: %s", way, secret, own)
			}

			here := way != "without data" && (secret == "former" || way != "history of the person")
			if strings.Contains(global, secret) != here {
				t.Errorf("%s: a global role sees what is %s: %t, want %t", way, secret, !here, here)
			}
		}

		if !strings.Contains(own, "present") && way != "without data" {
			t.Errorf("%s: Ana does not see her own: %s", way, own)
		}

		if n := strings.Count(own, `"operation":"create","`); strings.Contains(way, "data") && n != 5 {
			t.Errorf("Ana sees %d creations, want her own and two of each record", n)
		}
	}

	for _, path := range []string{"/people/ESPGNU777ORG/history", "/pols/ESPGNU777ORG/p/history", "/pols/ESPGNU777ORG/p?version=1", "/changes?person=ESPGNU777ORG"} {
		h.Do(other, "GET", path, "").Want(t, http.StatusForbidden)
	}
}
