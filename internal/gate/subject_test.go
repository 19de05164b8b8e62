// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

func TestALowerCasePathIsOfThePersonInUpperCase(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, path := range []string{"/people/%s", "/people/%s/history", "/pols/%s", "/pols/%s/" + birthPage, "/pols/%s/" + birthPage + "/history",
		"/personal_docs/%s", "/personal_docs/%s/" + birthPage, "/people/%s/matches", "/people/%s/links", "/changes?person=%s"} {
		want := h.Do(root, "GET", fmt.Sprintf(path, ana[0]), "").Want(t, http.StatusOK)
		got := h.Do(root, "GET", fmt.Sprintf(path, testhub.Small(ana)), "").Want(t, http.StatusOK)
		if got.Text != want.Text || got.Header.Get("Etag") != want.Header.Get("Etag") {
			t.Errorf("%s: got %.200s, want %.200s", path, got.Text, want.Text)
		}

		if strings.Contains(path, "matches") || strings.Contains(path, "links") {
			continue // no end user's
		}

		h.Do(ana, "GET", fmt.Sprintf(path, testhub.Small(ana)), "").Want(t, http.StatusOK)
		h.Do(other, "GET", fmt.Sprintf(path, testhub.Small(ana)), "").Want(t, http.StatusForbidden)
	}

	if form := h.Do(ana, "GET", "/password/"+testhub.Small(ana), "").Want(t, http.StatusOK); !strings.Contains(form.Text, ana[0]) {
		t.Errorf("the form is not %s's: %s", ana[0], form.Text)
	}
}

func TestARecordCreatedThroughALowerCasePathHasTheStoredID(t *testing.T) {
	t.Parallel()
	h := quickHub(t)

	page := h.Do(cameron, "POST", "/pols/"+testhub.Small(ana)+"/p1", `{"id": "p1"}`).Want(t, http.StatusCreated)
	if got := page.Header.Get("Location"); got != "/pols/"+ana[0]+"/p1" {
		t.Errorf("the page is at %s", got)
	}

	document := h.Do(ana, "POST", "/personal_docs/"+testhub.Small(ana)+"/p1?id=d1", "bytes").Want(t, http.StatusCreated)
	if got := document.Header.Get("Location"); got != "/personal_docs/"+ana[0]+"/p1/d1" {
		t.Errorf("the document is at %s", got)
	}

	got := h.DB.Text(`SELECT concat_ws(' ', book, fedacct, personal_docs.data ->> 'fedacct') FROM pols JOIN personal_docs ON pol = pols.id WHERE pols.id = 'p1'`)
	if want := strings.Repeat(" "+ana[0], 3)[1:]; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// small-letter rows are others': nobody here creates one.
func TestOfTwoSpellingsThatAreBothStoredEachIsItself(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	twin := h.Enrol(testhub.Small(ana), "end_user")
	h.Do(twin, "GET", "/people/"+testhub.Small(ana), "").Want(t, http.StatusOK)
	h.Do(twin, "GET", "/people/"+ana[0], "").Want(t, http.StatusForbidden)
	h.Do(ana, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)
	h.Do(ana, "GET", "/people/"+testhub.Small(ana), "").Want(t, http.StatusForbidden)
	h.Do(ana, "GET", "/changes?person="+testhub.Small(ana), "").Want(t, http.StatusForbidden)
	h.Do(twin, "POST", "/pols/"+testhub.Small(ana)+"/p1", `{"id": "p1"}`).Want(t, http.StatusCreated)

	if got := h.DB.Text(`SELECT book FROM pols WHERE id = 'p1'`); got != testhub.Small(ana) {
		t.Errorf("the page is %s's", got)
	}

	// A creation goes by upper case, which is another person's.
	body := h.DB.Text(`SELECT (data - 'password')::text FROM people WHERE id = $1`, ana[0])
	for _, who := range [][]string{twin, ana, cameron, root} {
		a := h.Do(who, "POST", "/people/"+testhub.Small(ana), body)
		if a.StatusCode < http.StatusBadRequest || strings.Contains(a.Text, "Betz") {
			t.Errorf("%s got %d %s", who[0], a.StatusCode, a.Text)
		}
	}
}

func TestAPersonStoredAsThePathSpellsItExists(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Enrol("aaa111", "end_user")

	for _, path := range []string{"/people/aaa111", "/people/" + testhub.Small(ana), "/people/" + ana[0]} {
		a := h.Do(root, "POST", path, `{"name": "Somebody"}`).Want(t, http.StatusUnprocessableEntity)
		if !strings.Contains(a.Text, "User already exists") {
			t.Errorf("%s: %s", path, a.Text)
		}
	}

	h.Do(root, "POST", "/people/bbb111", `{"name": "Somebody"}`).Want(t, http.StatusCreated)
	h.Do(root, "POST", "/people/bbb111", `{"name": "Somebody"}`).Want(t, http.StatusOK)
	h.Do(root, "POST", "/people/BBB111", `{"name": "Somebody"}`).Want(t, http.StatusOK)

	if got := h.DB.Text(`SELECT string_agg(id, ' ') FROM people WHERE id ILIKE 'aaa111' OR id ILIKE 'bbb111'`); got != "aaa111 BBB111" {
		t.Errorf("there are %s", got)
	}
}

// Neither body nor status reveals to an end user which persons exist.
func TestARefusalIsTheSameForAPersonThatExistsAndOneThatDoesNot(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, pattern := range []string{"/people/%s", "/pols/%s", "/pols/%s/x", "/personal_docs/%s", "/password/%s", "/changes?person=%s", "/people/%s/links", "/people/%s/history"} {
		want := h.Do(ana, "GET", fmt.Sprintf(pattern, "nobody999"), "").Want(t, http.StatusForbidden)
		for _, id := range []string{testhub.Small(other), other[0], "NOBODY999", "a%20b"} {
			got := h.Do(ana, "GET", fmt.Sprintf(pattern, id), "").Want(t, want.StatusCode)
			if got.Comparable() != want.Comparable() {
				t.Errorf("%s of %s: %s, want %s", pattern, id, got.Text, want.Text)
			}
		}
	}
}

func TestTheAccessRecordHasTheStoredID(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	for _, path := range []string{"/people/%s", "/pols/%s", "/changes?person=%s", "/people/%s/links"} {
		h.Do(root, "GET", fmt.Sprintf(path, testhub.Small(ana)), "").Want(t, http.StatusOK)
		if text := strings.Join(l.Take(), ""); !strings.Contains(text, `"person":"`+ana[0]+`"`) || strings.Contains(text, testhub.Small(ana)) {
			t.Errorf("%s: %s", path, text)
		}
	}

	h.Do(ana, "GET", "/people/"+testhub.Small(ana), "").Want(t, http.StatusOK)
	if text := strings.Join(l.Take(), ""); !strings.Contains(text, `"roles":["end_user"]`) {
		t.Errorf("her own record was granted by %s", text)
	}
}

func TestAPatchRepeatsTheIDAsStoredOrAsSpelledAndItIsNotMerged(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`UPDATE people SET data = data || '{"id": "odd"}' WHERE id = $1`, ana[0])

	for _, id := range []string{ana[0], testhub.Small(ana), "odd"} {
		h.Do(cameron, "PATCH", "/people/"+testhub.Small(ana), `{"id": "`+id+`", "name": "`+id+`"}`).Want(t, http.StatusOK)
		if got := h.DB.Text(`SELECT concat_ws(' ', data ->> 'id', data ->> 'name') FROM people WHERE id = $1`, ana[0]); got != "odd "+id {
			t.Errorf("after %s stored is %s", id, got)
		}
	}

	h.Do(cameron, "PATCH", "/people/"+ana[0], `{"id": "`+testhub.Small(ana)+`"}`).Want(t, http.StatusUnprocessableEntity)
	h.Do(cameron, "PATCH", "/people/"+testhub.Small(ana), `{"id": "`+other[0]+`"}`).Want(t, http.StatusUnprocessableEntity)
}

func TestALinkIsTakenBackThroughAnySpellingOfBoth(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(root, "POST", "/people/"+testhub.Small(ana)+"/links", `{"person": "`+other[0]+`", "same": true}`).Want(t, http.StatusCreated)
	h.Do(root, "DELETE", "/people/"+testhub.Small(ana)+"/links/"+testhub.Small(other), "").Want(t, http.StatusNoContent)

	if got := h.DB.Text(`SELECT count(*)::text FROM thalamus_links`); got != "0" {
		t.Errorf("%s links are left", got)
	}
}

// Nothing that was remembered under one spelling outlives a change through another.
func TestAChangeThroughOneSpellingCountsAtOnceThroughTheOther(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	spellings := []string{ana[0], testhub.Small(ana), "eSpGnU777oRg"}
	logsIn := func(password string, want int) {
		t.Helper()
		for _, path := range spellings {
			h.Do([]string{ana[0], password}, "GET", "/people/"+path, "").Want(t, want)
		}
	}

	password := ana[1]
	for i, path := range spellings {
		logsIn(password, http.StatusOK)
		next := fmt.Sprintf("another password %d", i)
		h.Do([]string{ana[0], password}, "PATCH", "/people/"+path, `{"password": "`+next+`"}`).Want(t, http.StatusOK)
		logsIn(password, http.StatusUnauthorized)
		logsIn(next, http.StatusOK)
		password = fmt.Sprintf("by the form %d", i)
		h.DoWith([]string{ana[0], next}, "POST", "/password/"+path, "password="+strings.ReplaceAll(password, " ", "+")+"&pconfirm="+strings.ReplaceAll(password, " ", "+"),
			"Content-Type", "application/x-www-form-urlencoded").Want(t, http.StatusSeeOther)

		logsIn(next, http.StatusUnauthorized)
		logsIn(password, http.StatusOK)
		h.Do(root, "PATCH", "/people/"+path, `{"roles": []}`).Want(t, http.StatusOK)
		logsIn(password, http.StatusForbidden)
		h.Do(root, "PATCH", "/people/"+path, `{"roles": ["end_user"]}`).Want(t, http.StatusOK)
		logsIn(password, http.StatusOK)
		h.Do(root, "PATCH", "/people/"+path, `{"active": false}`).Want(t, http.StatusOK)
		logsIn(password, http.StatusUnauthorized)
		h.Do(root, "PATCH", "/people/"+path, `{"active": true}`).Want(t, http.StatusOK)
	}
}

// A path in upper case, as nearly all are, must cost no more than without other spellings.
func TestOnlyLowerCaseIDsQueryTheDatabaseOnceMore(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	url, asked := countStatements(t, h.DB.URL)
	counted := testhub.Serve(t, testdb.At(t, url), "../../etc/roles.cfg", testhub.Cheap)
	counted.Hear()
	statements := func(path string) int64 {
		counted.Do(root, "GET", path, "").Want(t, http.StatusOK)
		before := asked()
		counted.Do(root, "GET", path, "").Want(t, http.StatusOK)
		return asked() - before
	}
	least := func(path string) int64 { // the account is read, too, where its last proof is old
		n := statements(path)
		for range 4 {
			n = min(n, statements(path))
		}
		return n
	}
	login := least("/login")
	for _, c := range []struct {
		path string
		want int64
	}{
		{"/people/" + ana[0], 1}, {"/people/" + testhub.Small(ana), 2},
		{"/pols/" + ana[0], 1}, {"/pols/" + testhub.Small(ana), 2},
		{"/pols/" + ana[0] + "/" + birthPage, 1}, {"/pols/" + testhub.Small(ana) + "/" + birthPage, 2},
	} {
		t.Run(c.path, func(t *testing.T) {
			if got := least(c.path) - login; got != c.want {
				t.Errorf("%s takes %d statements, want %d", c.path, got, c.want)
			}
		})
	}
}

// countStatements gives a URL of the same database through which statements are counted.
func countStatements(t *testing.T, database string) (through string, asked func() int64) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}

	query := u.Query()
	name := "/.s.PGSQL." + query.Get("port")

	dir, err := os.MkdirTemp("", "count") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}

	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", dir+name)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		_ = listener.Close()
		_ = os.RemoveAll(dir)
	})

	var n atomic.Int64
	behind := query.Get("host") + name
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go relay(client, behind, &n)
		}
	}()

	query.Set("host", dir)
	u.RawQuery = query.Encode()
	return u.String(), n.Load
}

// relay joins a client and PostgreSQL, and counts the statements.
func relay(client net.Conn, behind string, n *atomic.Int64) {
	server, err := (&net.Dialer{}).Dial("unix", behind)
	if err != nil {
		_ = client.Close()
		return
	}

	go func() {
		_, _ = io.Copy(client, server)
		_ = client.Close()
	}()

	defer func() { _ = server.Close() }()

	head := make([]byte, 5)
	for start := 1; ; start = 0 { // the first message has no type
		if _, err := io.ReadFull(client, head[start:]); err != nil {
			return
		}

		if start == 0 && (head[0] == 'E' || head[0] == 'Q') { // Execute, Query
			n.Add(1)
		}

		rest := int64(binary.BigEndian.Uint32(head[1:])) - 4
		if _, err := server.Write(head[start:]); err != nil {
			return
		}
		if _, err := io.CopyN(server, client, rest); err != nil {
			return
		}
	}
}
