// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"

	"thalamus/internal/testbrowser"
	"thalamus/internal/testhub"
)

// Whatever a record, a node, a role, an institution or a reader is called is a text on the screens of administrators.
func TestTheScreensOfAdministratorsShowOnlyTexts(t *testing.T) {
	t.Parallel()
	h := busyOffice(t)
	c, b := testbrowser.NewCanary(t), openTab(t, h)
	b.signIn(root)
	b.askNobodyElse()
	b.Check(chromedp.Do(b, chromedp.EmulateViewport(320, 800)))
	for name, text := range attacks(c) {
		id := writeIntoTheOffice(h, text)
		for _, path := range []string{
			"/portal/admin/accounts", "/portal/admin/accounts/NURSE", accountsPath + "/" + url.PathEscape(id), queuePath, queuePath + "/A1/B1",
			"/portal/admin/decided-duplicates", followersPath, "/portal/admin/refusals", "/portal/admin/access?account=NURSE", "/portal/admin/access?person=NURSE", "/portal/statistics",
		} {
			b.visit(path)
			b.wantOnlyText(name + ", " + path)
			b.wantShown(name+", "+path, text)
		}
	}
	c.WantUnasked(t)
	c.WouldHear(b.Tab)
}

// writeIntoTheOffice puts a text into whatever the screens of administrators show: names, roles and ids of persons,
// of followers and of those who are refused, decisions, lines of the access record, names of institutions. It gives
// the id that it has made.
func writeIntoTheOffice(h *testhub.Hub, text string) (id string) {
	h.T.Helper()
	short := func(most int) string { return firstRunes(text, most) }
	id = "N" + short(150) + "N" // a sign-in leaves blanks at the ends out
	account := h.Enrol(id, "health_professional", short(1000))
	h.DB.Exec(`UPDATE people SET data = data || jsonb_build_object('name', $1::text, 'lastname', $1::text, 'roles', jsonb_build_array('root', $2::text), $3::text, $1::text)
		WHERE id IN ('A1', 'B1', 'NURSE')`, text, short(1000), short(200))
	h.DB.Exec(`INSERT INTO thalamus_followers VALUES ($1, 0, now())`, id)
	for _, decided := range []any{nil, "apart"} {
		h.DB.Exec(`INSERT INTO thalamus_duplicates (person, other, doubt, found, decided, account, time) SELECT least(a, b), greatest(a, b), 0.001, now(), $2, a, now()
			FROM (SELECT $1 COLLATE "C" AS a, CASE WHEN $2::text IS NULL THEN 'A1' ELSE 'B1' END COLLATE "C" AS b) AS pair`, id, decided)
	}

	line, _ := json.Marshal(map[string]any{
		"time": "2026-05-12T10:00:00Z", "account": "NURSE", "roles": []string{short(100)}, "method": short(100), "endpoint": short(100), "person": "NURSE",
		"everybody": false, "status": 500, "request": short(100), "address": short(100),
	})
	other, _ := json.Marshal(map[string]any{"time": "2026-05-12T10:00:00Z", "account": id, "roles": []string{}, "method": "GET", "endpoint": "book", "person": "NURSE", "everybody": false, "status": 200})
	h.DB.Exec(`SELECT thalamus_access_copy(convert_to($1, 'UTF8'), 0, 1, false, jsonb_build_array($2::jsonb, $3::jsonb))`, id, string(line), string(other))
	h.DB.Exec(`INSERT INTO thalamus_statistics SELECT subject, $1, month, kind, 1000, 1000 FROM thalamus_statistics LIMIT 1`, short(1000))

	refused := h.SignIn(account)
	for range 3 {
		refused.Get("/portal/statistics").Want(h.T, http.StatusForbidden)
	}
	return id
}

func firstRunes(text string, most int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), most)])
}

// wantShown looks for a text in the page: else it would be no wonder that nothing runs.
func (b tab) wantShown(where, text string) {
	b.T.Helper()
	begins, _ := json.Marshal(firstRunes(text, 20))
	if !eval[bool](b, fmt.Sprintf(`document.querySelector("main").textContent.includes(%s)`, begins)) {
		b.T.Errorf("%s: the text is not shown: %.500s", where, eval[string](b, `document.querySelector("main").innerText`))
	}
}

// Whatever is typed into a form of administrators, or of a professional in another's book, is a text: where the form
// comes back with it, and where it was stored.
func TestTheTextsOfTheFormsOfAnOfficeAreOnlyTexts(t *testing.T) {
	t.Parallel()
	h := busyOffice(t)
	c, b := testbrowser.NewCanary(t), openTab(t, h)
	path := startLink(t, h, "NURSE")
	b.signIn(root)
	b.askNobodyElse()
	b.Check(chromedp.Do(b, chromedp.EmulateViewport(320, 800)))
	created := 0
	for name, text := range attacks(c) {
		short := text[:min(len(text), 4_000)]
		h.DB.Exec(`UPDATE pols SET data = data - 'summary' - 'info' WHERE id = $1`, testhub.BirthPage) // a long text is not changed in a form
		for path, selector := range map[string]string{
			"/portal/admin/accounts": "input, select", "/portal/admin/access": "input", "/portal/admin/new-account": "input, select", path: "[name=password], [name=account]", "/portal/people": "input, select",
			ofAna("/portal/book"): "input, select", ofAna("/portal/access"): "input, select",
			ofAna("/portal/new"): "[name=summary], [name=info], [name=kind]", ofAna("/portal/page/" + testhub.BirthPage + "/edit"): "[name=summary], [name=info]",
		} {
			sent := short
			if path == "/portal/admin/new-account" || path == ofAna("/portal/new") {
				sent = text
			}
			b.send(path, selector, sent)
			b.wantOnlyText(name + " sent to " + path)
		}

		created++
		account := fmt.Sprint("ESPNEW", created)
		b.visit("/portal/admin/new-account")
		eval[any](b, `document.querySelector("#id").value = "`+account+`"`)
		b.submit("[name=name], [name=lastname], [name=dob], [name=gender], [name=role]", firstRunes(text, 4_000))
		b.wantOnlyText(name + " sent as a new account")
		for _, selector := range []string{"[action$=roles] [name=role]", "[action$=roles] input", "[action$=active] input"} {
			b.send(accountsPath+"/"+account, selector, short)
			b.wantOnlyText(name + " sent to an account, " + selector)
		}
	}
	if stored := h.DB.Text(`SELECT count(*)::text FROM people WHERE id LIKE 'ESPNEW%' AND data ->> 'roles' = '[]'`); stored != fmt.Sprint(created) {
		t.Errorf("%s accounts were created, want %d", stored, created)
	}
	c.WantUnasked(t)
	c.WouldHear(b.Tab)
}
