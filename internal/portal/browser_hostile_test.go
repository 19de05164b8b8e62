// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"thalamus/internal/gate"
	"thalamus/internal/testhub"
)

// Whoever has signed in may open any page of the web: it changes nothing here, and reads nothing.
func TestAPageOfAnotherOriginDoesNothing(t *testing.T) {
	t.Parallel()
	for _, where := range []struct {
		name, host string
		silent     bool
	}{
		{"another port of the same site", "127.0.0.1", false},
		{"another site", "evil.example", false},
		{"a browser without Sec-Fetch-Site", "127.0.0.1", true},
	} {
		t.Run(where.name, func(t *testing.T) {
			t.Parallel()
			h, record := hostilePrey(t)
			e := openElsewhere(t, h, where.host, where.silent)
			before := everything(h)

			e.sendForms(where.host == "127.0.0.1")
			e.embed()
			e.fetch()

			if diff := cmp.Diff(before, everything(h)); diff != "" {
				t.Errorf("the database has changed (-before +after)\n%s", diff)
			}
			for _, line := range record.Take() {
				if !strings.Contains(line, `"method":"GET"`) {
					t.Errorf("the access record has a write: %s", line)
				}
			}
		})
	}
}

// everything is all that the database holds, by table, but when sessions were used last.
func everything(h *testhub.Hub) map[string]string {
	h.T.Helper()
	all := map[string]string{}
	for _, row := range h.DB.Rows(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`) {
		table, _ := row[0].(string)
		all[table] = h.DB.Text(`SELECT coalesce(string_agg(line, E'\n' ORDER BY line), '') FROM (SELECT (to_jsonb(t) - 'seen')::text AS line FROM ` + table + ` AS t) AS lines`)
	}
	return all
}

// elsewhere is a browser with a session, in which another origin's page is open.
type elsewhere struct {
	tab
	spy  *spy
	page string // its address
}

// openElsewhere signs in, and goes there. Its frames are of the same process, so that the browser
// tells what each has become.
func openElsewhere(t *testing.T, h *testhub.Hub, host string, silent bool) elsewhere {
	t.Helper()
	s := &spy{hub: h, silent: silent}
	b := openTabAt(t, h, s, chromedp.Flag("disable-site-isolation-trials", true))
	b.signIn(ana)
	hostile := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!DOCTYPE html><title>hostile</title><body>")
	}))
	t.Cleanup(hostile.Close)
	e := elsewhere{b, s, strings.Replace(hostile.URL, "127.0.0.1", host, 1)}
	e.again()
	return e
}

// again goes to the page as it was first.
func (e elsewhere) again() {
	e.T.Helper()
	e.Goto(e.page, http.StatusOK)
	e.spy.take()
}

// addresses are those of all rows of a method, of records that there are, as JSON.
func (e elsewhere) addresses(method string) string {
	var all []string
	for _, row := range e.hub.Pages {
		if row.Method == method {
			all = append(all, e.url+preyPath(e.hub, row))
		}
	}
	text, _ := json.Marshal(all)
	return string(text)
}

// hostileFields are those of all forms, each with a value that the hub would take from its own pages.
var hostileFields = map[string]string{
	"end": "all", "language": "ar", "next": "/portal/", "account": ana[0], "password": ana[1], "old": ana[1], "again": ana[1], "summary": "hostile",
	"page_date": "2026-01-01", "date": "2026-01-01", "info": "hostile", "id": "hostile", "decision": "same", "active": "false", "role": "root", "version": "2",
	"effect": "permit", "scope": "*", "kind": "account", "who": other[0], "until": "", "purpose": "ETREAT", "reason": "unconscious after an accident", "finding": "hostile",
}

// sendsForm is a script that sends a form to an address, in each way that needs no consent.
func sendsForm() string {
	fields, _ := json.Marshal(hostileFields)
	return `const send = (address, method, enctype, target) => {
	const form = document.createElement("form");
	Object.assign(form, {action: address, method, enctype, target});
	for (const [name, value] of Object.entries(` + string(fields) + `)) {
		const input = document.createElement("input");
		Object.assign(input, {name, value});
		form.append(input);
	}
	document.body.append(form);
	form.submit();
};`
}

// The same forms of the hub's own pages are taken: else it would prove little that those of others are not. What is
// no form of fields alone is told apart: a document, the link of a new password.
func TestTheFormsThatOthersSendWouldBeTaken(t *testing.T) {
	t.Parallel()
	for _, row := range quickHub(t).Pages {
		if row.Method != http.MethodPost || strings.HasSuffix(row.Pattern, "/documents") || strings.Contains(row.Pattern, "{token}") {
			continue
		}
		t.Run(row.Pattern, func(t *testing.T) {
			h, _ := hostilePrey(t)
			b := h.SignIn(ana)
			before := everything(h)
			var fields []string
			for name, value := range hostileFields {
				fields = append(fields, name, value)
			}
			a := b.Post(preyPath(h, row), fields...)
			if same := cmp.Equal(before, everything(h)); same || a.StatusCode >= http.StatusBadRequest {
				t.Errorf("status %d, the database is the same: %t: %s", a.StatusCode, same, a.Text)
			}
		})
	}
}

// preyPath is a path of a row where Ana may do what its form is for. A link to a new password and the opening of a
// book are for somebody else, and what is taken back was said of her and the administrator.
func preyPath(h *testhub.Hub, row gate.Row) string {
	h.T.Helper()
	switch {
	case strings.HasSuffix(row.Pattern, "/link"), strings.HasSuffix(row.Pattern, "{person}/emergency"):
		row.Pattern = strings.Replace(row.Pattern, "{person}", other[0], 1)
	case strings.HasSuffix(row.Pattern, "/undo"):
		row.Pattern = strings.Replace(row.Pattern, "{other}", root[0], 1)
	}
	return pathOf(h, row)
}

// hostilePrey is a hub where Ana may do everything that the portal has a form for, and has a page and an account of
// the second version. She has said who may read her book, which was opened.
func hostilePrey(t *testing.T) (*testhub.Hub, *testhub.AccessRecord) {
	t.Helper()
	h, record := testhub.Recorded(t)
	h.DB.Exec(`UPDATE people SET data = data || '{"roles": ["end_user", "health_professional", "root"]}' WHERE id = $1`, ana[0])
	h.DB.Exec(`UPDATE pols SET data = data || '{"info": "Both are well."}' WHERE id = $1`, testhub.BirthPage)
	h.DB.Exec(`SELECT thalamus_link($1, $2, false, NULL, NULL)`, ana[0], root[0])
	h.Do(cameron, "POST", "/people/"+ana[0]+"/emergency", accident).Want(t, http.StatusCreated)
	h.DB.Exec(`INSERT INTO thalamus_consents (id, person, scope, who, effect) VALUES ('said', $1, '*', '*', 'deny')`, ana[0])
	record.Take()
	return h, record
}

// sendForms sends a form to each row that writes, in frames and in the window itself.
func (e elsewhere) sendForms(sameSite bool) {
	e.T.Helper()
	sent := eval[int](e.tab, `(async () => {`+sendsForm()+`
		const enctypes = ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"];
		const inFrame = (address, enctype) => new Promise(done => {
			const frame = document.createElement("iframe");
			frame.name = enctype + address;
			document.body.append(frame);
			frame.onload = done;
			send(address, "post", enctype, frame.name);
		});
		return (await Promise.all(`+e.addresses(http.MethodPost)+`.flatMap(address => enctypes.map(enctype => inFrame(address, enctype))))).length;
	})()`)
	e.wantRefused(sent, sameSite)

	var posts []string
	_ = json.Unmarshal([]byte(e.addresses(http.MethodPost)), &posts)
	for _, address := range posts {
		e.again()
		_, err := chromedp.RunResponse(e, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`{%s send(%q, "post", "", "_self")}`, sendsForm(), address)))
		e.Check(err)
		e.wantRefused(1, sameSite)
	}
	e.again()
}

// wantRefused looks at so many forms. From the same site they come with the cookie.
func (e elsewhere) wantRefused(sent int, sameSite bool) {
	e.T.Helper()
	posts := slices.DeleteFunc(e.spy.take(), func(s spied) bool { return s.method == http.MethodGet })
	if len(posts) != sent || sent == 0 {
		e.T.Errorf("%d of %d forms arrived: %v", len(posts), sent, posts)
	}
	for _, got := range posts {
		if got.status != http.StatusForbidden || got.signedIn != sameSite {
			e.T.Errorf("a form arrived as %v", got)
		}
	}
}

// embed has the page show each page of the hub as a part of it, in every way that there is.
func (e elsewhere) embed() {
	e.T.Helper()
	learned := eval[[]string](e.tab, `(async () => {
		const learned = [], parts = [["img", "src"], ["script", "src"], ["link", "href"], ["video", "src"], ["iframe", "src"], ["object", "data"], ["embed", "src"]];
		const embed = (address, name, attribute) => new Promise(done => {
			const part = document.createElement(name);
			part.rel = "stylesheet";
			part[attribute] = address;
			const shut = {iframe: () => part.contentDocument === null, object: () => part.contentDocument === null, embed: () => part.getSVGDocument() === null}[name];
			part.onload = part.onloadedmetadata = () => { shut?.() || learned.push(name + " has " + address); done(); };
			part.onerror = done;
			if (shut) setTimeout(done, 5000); // a frame of what is saved as a file never loads
			document.body.append(part);
		});
		await Promise.all(`+e.addresses(http.MethodGet)+`.flatMap(address => parts.map(part => embed(address, ...part))));
		return learned;
	})()`)
	if len(learned) > 0 {
		e.T.Errorf("the page learns %v", learned)
	}
	if seen := e.spy.take(); len(seen) == 0 {
		e.T.Error("nothing was asked for")
	}

	tree, err := chromedp.Call(e, cdppage.GetFrameTree, cdp.Empty{})
	e.Check(err)
	for _, child := range tree.FrameTree.ChildFrames {
		if strings.HasPrefix(child.Frame.URL, e.url) {
			e.T.Errorf("a frame shows %s", child.Frame.URL)
		}
	}
	if len(tree.FrameTree.ChildFrames) == 0 {
		e.T.Error("there are no frames")
	}
}

// fetch has a script ask for each row.
func (e elsewhere) fetch() {
	e.T.Helper()
	learned := eval[[]string](e.tab, `(async () => {
		const learned = [], reads = [{}, {mode: "no-cors"}], writes = ["POST", "PUT", "PATCH", "DELETE"].map(method => ({method}));
		for (const body of [new URLSearchParams({end: "all"}), new FormData(), "end=all", new Blob(["{}"], {type: "application/json"})])
			writes.push({method: "POST", body}, {method: "POST", body, mode: "no-cors"});
		const ask = (address, options) => fetch(address, {credentials: "include", ...options})
			.then(r => learned.push(address + JSON.stringify(options) + r.type + r.status), () => {});
		await Promise.all(`+e.addresses(http.MethodGet)+`.flatMap(address => reads.map(options => ask(address, options))));
		await Promise.all(`+e.addresses(http.MethodPost)+`.flatMap(address => writes.map(options => ask(address, options))));
		return learned;
	})()`)
	if len(learned) > 0 {
		e.T.Errorf("the script learns %v", learned)
	}
	seen := e.spy.take()
	if len(seen) == 0 {
		e.T.Error("nothing was asked for")
	}
	for _, got := range seen {
		harmless := got.method == http.MethodGet || got.method == http.MethodOptions || got.status == http.StatusForbidden
		if !harmless {
			e.T.Errorf("a request arrived as %v", got)
		}
	}
}
