// SPDX-License-Identifier: GPL-3.0-or-later

package feed_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

// feedPage is a reply of the feed.
type feedPage struct {
	Changes []feedChange `json:"changes"`
	More    *bool        `json:"more"`
	Next    string       `json:"next"`
}

type feedChange struct {
	Cursor, Resource, ID  string
	Person, Account, Node *string
	Version               int64
	Operation, Time       string
	Data                  json.RawMessage
}

func readPage(t testing.TB, a testhub.Answer) (page feedPage) {
	t.Helper()
	a.Want(t, http.StatusOK)
	decoder := json.NewDecoder(strings.NewReader(a.Text))
	decoder.DisallowUnknownFields()

	if err := decoder.Decode(&page); err != nil || page.Changes == nil || page.More == nil || page.Next == "" {
		t.Fatalf("%v in %.300s", err, a.Text)
	}

	return page
}

// changes asks the feed; query is like "limit=5".
func (h *hub) changes(account []string, query string) feedPage {
	h.T.Helper()
	return readPage(h.T, h.Do(account, "GET", "/changes?"+query, ""))
}

// now gives the cursor behind all that there is.
func (h *hub) now(account []string) string {
	h.T.Helper()
	return h.changes(account, "since=now").Next
}

// kinds tells changes as "operation resource id".
func (p feedPage) kinds() (kinds []string) {
	for _, c := range p.Changes {
		kinds = append(kinds, c.Operation+" "+c.Resource+" "+c.ID)
	}
	return kinds
}

func (p feedPage) want(t testing.TB, kinds ...string) feedPage {
	t.Helper()
	if got := p.kinds(); !slices.Equal(got, kinds) {
		t.Errorf("got %q, want %q", got, kinds)
	}
	return p
}

// smallHub is a quick hub with few records.
func smallHub(t testing.TB, change ...func(*testhub.Options)) *hub {
	t.Helper()
	return smallHubOn(t, testdb.New(t), change...)
}

func smallHubOn(t testing.TB, db *testdb.DB, change ...func(*testhub.Options)) *hub {
	t.Helper()
	h := serve(t, db, "../../etc/roles.cfg", append(change, testhub.Cheap)...)
	for _, account := range [][]string{ana, other, cameron, root} {
		role := map[string]string{cameron[0]: "health_professional", root[0]: "root"}[account[0]]
		if role == "" {
			role = "end_user"
		}
		h.DB.Exec(`INSERT INTO people (id, data) VALUES ($1::text, jsonb_build_object('id', $1::text, 'roles', ARRAY[$2::text], 'password', $3::text))`,
			account[0], role, testhub.QuickHash(t, account[1]))
	}

	return h
}

func TestAChangeOfTheFeedLooksAsTheContractSays(t *testing.T) {
	t.Parallel()
	h := smallHub(t)
	since := h.now(root)
	h.Do(ana, "POST", "/pols/ESPGNU777ORG/p<1>", `{"id":"p<1>","book":"ESPGNU777ORG","big":123456789012345678901.50,"text":"a\nb","creation_info":{"node":"mygnuhealth"}}`).Want(t, http.StatusCreated)
	a := h.Do(root, "GET", "/changes?since="+since, "").Want(t, http.StatusOK)
	page := readPage(t, a)
	c := page.Changes[0]

	moment, err := time.Parse("2006-01-02T15:04:05.000000Z", c.Time)
	if err != nil || time.Since(moment) > time.Hour {
		t.Errorf("time %q: %v", c.Time, err)
	}

	if c.Cursor != page.Next || !regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`).MatchString(page.Next) {
		t.Errorf("cursor %q, next %q", c.Cursor, page.Next)
	}

	want := `{"changes":[{"cursor":"` + c.Cursor + `","resource":"page","id":"p<1>","person":"ESPGNU777ORG","version":1,"operation":"create",` +
		`"time":"` + c.Time + `","account":"ESPGNU777ORG","node":"mygnuhealth","data":` + string(c.Data) + `}],"more":false,"next":"` + page.Next + `"}`
	if a.Text != want {
		t.Errorf("got  %s\nwant %s", a.Text, want)
	}

	if stored := h.Do(ana, "GET", "/pols/ESPGNU777ORG/p<1>", "").Text; string(c.Data) != stored || !strings.Contains(stored, "123456789012345678901.50") {
		t.Errorf("data %s, stored %s", c.Data, stored)
	}

	if a.Header.Get("Content-Type") != "application/json" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", a.Header)
	}

	if a := h.Do(root, "GET", "/changes?data=none&since="+since, ""); strings.Contains(a.Text, "data") || !strings.Contains(a.Text, `"node":"mygnuhealth"}]`) {
		t.Errorf("without data: %s", a.Text)
	}

	h.DB.Exec(`INSERT INTO dus VALUES ($1, '{}')`, "ñ\"\\\x01\u2028")
	body := h.Do(root, "GET", "/changes?since="+page.Next, "").Text
	if page := h.changes(root, "since="+page.Next); page.Changes[0].ID != "ñ\"\\\x01\u2028" || !strings.Contains(body, `"person":null,`) ||
		!strings.Contains(body, `"account":null,"node":null,`) {
		t.Errorf("got %s", body)
	}
}

func TestNoPasswordIsInTheFeed(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(root, "PATCH", "/people/FRAOTH001EUS", `{"password":"a new secret"}`).Want(t, http.StatusOK)
	h.Do(root, "PATCH", "/people/FRAOTH001EUS", `{"name":"x","password":"another secret"}`).Want(t, http.StatusOK)

	if body := h.Do(root, "GET", "/changes?limit=1000", "").Want(t, http.StatusOK).Text; strings.Contains(body, "password") || strings.Contains(body, "$2") {
		t.Errorf("got %s", body)
	}
}

func TestWrongQueriesToTheFeedAreRefused(t *testing.T) {
	t.Parallel()
	h := smallHub(t)

	long := strings.Repeat("x", 12_000)
	for _, query := range []string{
		"limit=0", "limit=-1", "limit=1000000000", "limit=1001", "limit=", "limit=1.5", "limit=+5", "limit=99999999999999999999999", "limit=1&limit=2",
		"wait=24h", "wait=61s", "wait=60.001s", "wait=-1s", "wait=30", "wait=", "wait=soon", "wait=1s&wait=1s",
		"since=garbage", "since=", "since", "word=", "since=" + long, "since=%00", "since=NOW", "since=now&since=now", "since=%zz",
		"data=all", "data=", "resource=pages", "resource=", "resource=page,", "resource=page,,unit", "resource=Page", "resource=page&resource=unit",
		"person=", "person=%00", "person=%ff", "not_node=", "not_node=%00", "not_node=%ff", "person=a&person=b",
		"persn=A", "after=x", "a;b=c",
	} {
		if a := h.Do(root, "GET", "/changes?"+query, ""); a.StatusCode != http.StatusUnprocessableEntity || a.Failure().Error == "" {
			t.Errorf("%.60s: %d %.200s", query, a.StatusCode, a.Text)
		}
	}

	for _, query := range []string{"", "word", "limit=1", "limit=1000", "wait=0", "wait=0s", "resource=unit,unit", "person=" + long, "not_node=" + long, "%00"} {
		h.Do(root, "GET", "/changes?"+query, "").Want(t, http.StatusOK)
	}

	for _, last := range []string{"garbage", long} {
		h.DoWith(root, "GET", "/changes", "", "Accept", "text/event-stream", "Last-Event-ID", last).Want(t, http.StatusUnprocessableEntity)
	}

	foreign := smallHub(t)
	foreign.DB.Exec(`INSERT INTO dus (id, data) SELECT n, '{}' FROM generate_series(1, 10) AS n`)
	for _, c := range foreign.changes(root, "").Changes {
		h.Do(root, "GET", "/changes?since="+c.Cursor, "").Want(t, http.StatusGone)
		h.DoWith(root, "GET", "/changes?since=now", "", "Accept", "text/event-stream", "Last-Event-ID", c.Cursor).Want(t, http.StatusGone)
	}
}

func TestAHeadOfTheFeedHasNoBodyAndDoesNotWait(t *testing.T) {
	t.Parallel()
	h := smallHub(t)
	a := h.DoWith(root, "HEAD", "/changes?since=now&wait=60s", "", "Accept", "text/event-stream").Want(t, http.StatusOK)
	if a.Header.Get("Content-Type") != "application/json" || a.Text != "" {
		t.Errorf("got %v %q", a.Header, a.Text)
	}
}

// visibilityRoles has a role for each kind of grant.
const visibilityRoles = `[
	{"role": "end_user", "permissions": {"GET": ["person", "page", "document", "institution", "changes"], "global": "False"}},
	{"role": "doctor", "permissions": {"GET": ["page", "changes"], "global": "True"}},
	{"role": "listener", "permissions": {"GET": ["changes"], "global": "True"}},
	{"role": "reader", "permissions": {"GET": ["person", "page", "document", "domiciliaryunit", "institution"], "global": "True"}},
	{"role": "clerk", "permissions": {"GET": ["changes", "domiciliaryunit"], "global": "False"}}]`

func TestRolesDecideWhichChangesTheFeedShows(t *testing.T) {
	t.Parallel()
	roles := filepath.Join(t.TempDir(), "roles.cfg")
	if err := os.WriteFile(roles, []byte(visibilityRoles), 0o600); err != nil {
		t.Fatal(err)
	}

	h := &hub{testhub.QuickWith(t, roles)}
	h.DB.Exec(`TRUNCATE people, institutions, dus CASCADE`)
	h.DB.Exec(`SELECT thalamus_publish()`)
	since := "since=" + h.now(h.Enrol("FIRST", "listener"))
	h.DB.Exec(`INSERT INTO people (id, data) VALUES ('P', '{}'), ('Q', '{}')`)
	h.DB.Exec(`INSERT INTO pols (id, book, data) VALUES ('p', 'P', '{"n": 1}'), ('q', 'Q', '{"n": 1}'), ('gone', 'P', '{"n": 1}')`)
	h.DB.Exec(`INSERT INTO institutions (id, data) VALUES ('i', '{"n": 1}')`)
	h.DB.Exec(`INSERT INTO dus (id, data) VALUES ('u', '{"n": 1}')`)
	h.DB.Exec(`DELETE FROM pols WHERE id = 'gone'`)
	h.DB.Exec(`DELETE FROM institutions`)
	h.DB.Exec(`UPDATE people SET data = $1 WHERE id = 'P'`, `{"id": "P", "password": "`+testhub.QuickHash(t, "enrolled with")+`", "roles": ["end_user"]}`)
	p := []string{"P", "enrolled with"}
	const createGone, deleteGone = "create page gone", "delete page gone"
	set := func(roles string) {
		h.DB.Exec(`UPDATE people SET data = jsonb_set(data, '{roles}', to_jsonb(string_to_array($1, ' '))) WHERE id = 'P'`, roles)
	}

	person, institutions := []string{"create person P"}, []string{"create institution i", "delete institution i"}
	for _, c := range []struct {
		roles string
		want  []string
		gone  string // data of the deleted page
	}{
		{"end_user", []string{"create person P", "create page p", createGone, institutions[0], deleteGone, institutions[1], "update person P"}, "null"},
		{"doctor", []string{"create page p", "create page q", createGone, deleteGone}, `{"n": 1}`},
		{"listener", nil, ""}, {"listener reader", nil, ""},
		{"clerk", []string{"create unit u"}, ""},
		{"clerk end_user", []string{person[0], "create page p", createGone, institutions[0], "create unit u", deleteGone, institutions[1], "update person P"}, "null"},
		{"doctor end_user", []string{person[0], "create page p", "create page q", createGone, institutions[0], deleteGone, institutions[1], "update person P"}, `{"n": 1}`},
	} {
		set(c.roles)
		page := h.changes(p, since)
		page.Changes = slices.DeleteFunc(page.Changes, func(c feedChange) bool { return c.Resource == "person" && c.Version > 2 })
		if got := page.kinds(); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.roles, got, c.want)
		}

		for _, change := range page.Changes {
			if data := string(change.Data); change.ID == "gone" && change.Operation == "create" && data != c.gone || change.ID == "i" && data != "null" {
				t.Errorf("%s: %s of %s has %s", c.roles, change.Operation, change.ID, data)
			}
		}

		about, of := h.Do(p, "GET", "/changes?person=Q&"+since, ""), h.changes(p, "person=P&resource=page&"+since)
		switch c.roles {
		case "end_user", "clerk", "clerk end_user":
			about.Want(t, http.StatusForbidden)
		case "doctor", "doctor end_user":
			readPage(t, about).want(t, "create page q")
		default:
			readPage(t, about).want(t)
		}

		for _, kind := range of.kinds() {
			if !slices.Contains([]string{"create page p", createGone, deleteGone}, kind) {
				t.Errorf("%s: person=P gave %s", c.roles, kind)
			}
		}
	}

	set("reader")
	h.Do(p, "GET", "/changes", "").Want(t, http.StatusForbidden)
	h.Do(nobody, "GET", "/changes", "").Want(t, http.StatusUnauthorized)
}

// MyGNUHealth names itself in the page; HMIS has its institution's name there, and the code
// in the info object.
func TestAPagesOwnNodeCountsWhereNoInfoObjectNamesOne(t *testing.T) {
	t.Parallel()
	h := smallHub(t)
	since := h.now(root)

	for id, keys := range map[string]string{"phone": `"node":"mygnuhealth","creation_info":null`, "hmis": `"node":"General Hospital","creation_info":{"node":"GH01"}`} {
		t.Run(id, func(t *testing.T) {
			h.Do(root, "POST", "/pols/ESPGNU777ORG/"+id, `{"id":"`+id+`",`+keys+`}`).Want(t, http.StatusCreated)
			since = h.changes(root, "since="+since).want(t, "create page "+id).Next
		})
	}

	h.Do(root, "PATCH", "/pols/ESPGNU777ORG/phone", `{"n":1,"node":"mygnuhealth"}`).Want(t, http.StatusOK)
	h.changes(root, "not_node=mygnuhealth&resource=page").want(t, "create page hmis")
	h.changes(root, "not_node=GH01&resource=page").want(t, "create page phone", "update page phone")
	h.changes(root, "not_node=General+Hospital&resource=page&data=none").want(t, h.changes(root, "resource=page").kinds()...)
	h.changes(cameron, "not_node=mygnuhealth&resource=page").want(t, h.changes(root, "resource=page").kinds()...) // the pages are another account's
}

func TestNotNodeLeavesOutTheNodesOwnChanges(t *testing.T) {
	t.Parallel()
	h := smallHub(t)
	since := h.now(root)
	post := func(account []string, id, node string) {
		h.Do(account, "POST", "/pols/ESPGNU777ORG/"+id, `{"id":"`+id+`","creation_info":{"node":"`+node+`"}}`).Want(t, http.StatusCreated)
	}

	post(root, "mine", "hospital")
	post(root, "colleague", "laboratory")
	post(cameron, "other", "hospital")
	h.Do(root, "PATCH", "/pols/ESPGNU777ORG/other", `{"n":1}`).Want(t, http.StatusOK) // which names no node
	h.changes(root, "not_node=hospital&since="+since).want(t, "create page colleague", "create page other", "update page other")
	h.changes(cameron, "not_node=hospital&since="+since).want(t, "create page mine", "create page colleague", "update page other")
}

// A client that hears that there is no more waits; one that asks for the next page in vain has lost a request.
func TestAPageOfTheFeedSaysWhetherThereIsMore(t *testing.T) {
	t.Parallel()
	h := smallHub(t)
	since := h.now(root)
	for i := range 4 {
		h.DB.Exec(`INSERT INTO dus (id, data) VALUES ($1, '{}')`, fmt.Sprint("u", i))
		h.DB.Exec(`INSERT INTO institutions (id, data) VALUES ($1, '{}')`, fmt.Sprint("i", i))
	}
	h.DB.Exec(`INSERT INTO dus (id, data) SELECT n, jsonb_build_object('d', repeat('x', 800000)) FROM generate_series(1, 16) AS n`)

	for query, want := range map[string]bool{
		"limit=24": true /* cut at 8 MiB */, "limit=1&data=none": true, "limit=23&data=none": true, "limit=24&data=none": false, "data=none": false,
		"resource=institution&limit=3": true, "resource=institution&limit=4": false, "resource=institution&limit=5": false,
		"resource=page": false, "resource=unit&limit=20": true, "resource=unit": true, "person=" + ana[0]: false,
	} {
		t.Run(query, func(t *testing.T) {
			if page := h.changes(root, query+"&since="+since); *page.More != want {
				t.Errorf("%s: %d changes, and more: %t", query, len(page.Changes), *page.More)
			}
		})
	}
}

func TestAnEmptyFeedHasANextCursor(t *testing.T) {
	t.Parallel()
	h := smallHub(t)
	next := h.changes(root, "resource=unit").want(t).Next
	if a := h.Do(root, "GET", "/changes?since="+next, ""); a.Text != `{"changes":[],"more":false,"next":"`+next+`"}` {
		t.Errorf("got %s", a.Text)
	}

	h.DB.Exec(`INSERT INTO dus (id, data) VALUES ('u', '{}')`)
	h.changes(root, "since="+next).want(t, "create unit u")
}

// A thousand large records are not collected before they are sent.
func TestAPageOfLargeRecordsEndsEarlyAndJoinsTheNext(t *testing.T) {
	t.Parallel()
	h := smallHub(t)
	since := h.now(root)
	h.DB.Exec(`INSERT INTO dus (id, data) SELECT n, jsonb_build_object('d', repeat(md5(n::text), 20000)) FROM generate_series(100, 139) AS n`)
	var ids []string
	pages := 0

	for done := false; !done; pages++ {
		a := h.Do(root, "GET", "/changes?limit=1000&since="+url.QueryEscape(since), "")
		page := readPage(t, a)
		for _, c := range page.Changes {
			ids = append(ids, c.ID)
		}

		since, done = page.Next, len(page.Changes) == 0
		if len(a.Text) > 12<<20 {
			t.Errorf("a page of %d bytes", len(a.Text))
		}
	}

	if len(ids) != 40 || !slices.IsSorted(ids) || pages < 3 {
		t.Errorf("%d ids in %d pages", len(ids), pages)
	}
}
