// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// relatives adds persons that one search finds, or that match Ana.
func relatives(h *testhub.Hub) {
	h.DB.Exec(`INSERT INTO people (id, data) VALUES
		('TWIN', '{"name": "Ana", "lastname": "Betz", "dob": "1985-04-10", "gender": "f"}'),
		('A"B', '{"id": "ANOTHER", "name": "Zacharias", "lastname": "Quintero", "gender": "m"}'),
		('FAR', '{"name": "Xaver", "lastname": "Quintero", "gender": "m"}')`)
}

func TestTheAccessRecordNamesThePersonsOfAList(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t, func(o *testhub.Options) { o.SearchFields = []string{"gender"} })
	relatives(h)
	h.Do(root, "POST", "/people/ESPGNU777ORG/links", `{"person":"FAR","same":false}`).Want(t, http.StatusCreated)
	l.Take()

	for _, c := range []struct {
		account            []string
		method, path, want string
		status             int
	}{
		{cameron, "GET", "/people?q=quintero", `["A\"B","FAR"]`, 200},
		{cameron, "GET", "/people?q=quintero&score=1&limit=1", `["A\"B"]`, 200},
		{cameron, "GET", "/people?q=zacharias", `["A\"B"]`, 200},
		{cameron, "GET", "/people?q=nosuchname", `[]`, 200},
		{cameron, "HEAD", "/people?q=quintero", ``, 200},
		{cameron, "GET", "/people?limit=2", `["A\"B","ARGBUE111FAV"]`, 200},
		{cameron, "GET", "/people?gender=m&limit=9", `["A\"B","FAR"]`, 200},
		{cameron, "GET", "/people?gender=x&limit=9", `[]`, 200},
		{cameron, "HEAD", "/people?limit=2", ``, 200},
		{cameron, "GET", "/people?gender=m", `"all"`, 200},
		{cameron, "GET", "/people", `"all"`, 200},
		{cameron, "HEAD", "/people", ``, 200},
		{cameron, "GET", "/people?wrong=1", ``, 422},
		{cameron, "GET", "/people?q=a&after=MA", ``, 422},
		{other, "GET", "/people?q=quintero", ``, 403},
		{cameron, "GET", "/people/ESPGNU777ORG/matches", `["TWIN"]`, 200},
		{cameron, "HEAD", "/people/ESPGNU777ORG/matches", ``, 200},
		{cameron, "GET", "/people/FAR/matches", `[]`, 200},
		{cameron, "GET", "/people/NOBODY/matches", ``, 404},
		{cameron, "GET", "/people/ESPGNU777ORG/links", `["FAR"]`, 200},
		{cameron, "GET", "/people/TWIN/links", `[]`, 200},
		{cameron, "GET", "/people/ESPGNU777ORG", ``, 200},
		{cameron, "GET", "/pols/ESPGNU777ORG", ``, 200},
		{cameron, "GET", "/pols/ESPGNU777ORG?limit=1", ``, 200},
		{cameron, "GET", "/people/ESPGNU777ORG/history", ``, 200},
		{cameron, "GET", "/personal_docs/ESPGNU777ORG", ``, 200},
	} {
		a := h.Do(c.account, c.method, c.path, "").Want(t, c.status)
		if got := l.Persons(t); got != c.want {
			t.Errorf("%s %s names %s, want %s; the reply is %.200s", c.method, c.path, got, c.want, a.Text)
		}
	}
}

// storeLargePeople makes so many persons of a third of a megabyte each.
func storeLargePeople(h *testhub.Hub, persons int) {
	h.DB.Exec(`INSERT INTO people (id, data) SELECT id, jsonb_build_object('id', id, 'info', repeat('a', 330000))
		FROM (SELECT 'HEAVY' || n AS id FROM generate_series(1001, 1000 + $1::int) AS n) AS ids`, persons)
}

// readAll reads a list as far as it comes.
func readAll(h *testhub.Hub, path string) (text, request string, err error) {
	h.T.Helper()
	reply, err := testhub.Client.Do(h.Request(root, "GET", path, ""))
	if err != nil {
		h.T.Fatal(err)
	}

	defer reply.Body.Close()

	body, err := io.ReadAll(reply.Body)
	return string(body), reply.Header.Get("X-Request-Id"), err
}

// Of a list that is longer than a piece each piece's persons are named before it is sent.
func TestALongListHasALineForEachPiece(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	storeLargePeople(h, 20)

	text, request, err := readAll(h, "/people?limit=40")
	if err != nil {
		t.Fatal(err)
	}

	lines, named := l.Take(), 0
	for _, line := range lines {
		var e struct {
			Request string
			Status  int
			Persons []string
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Request != request || e.Status != http.StatusOK || len(e.Persons) == 0 {
			t.Errorf("%.300s: %v", line, err)
		}

		named += len(e.Persons)
	}

	var persons [][]json.RawMessage
	if err := json.Unmarshal([]byte(text), &persons); err != nil || len(persons) != 40 || len(lines) < 5 {
		t.Errorf("%d lines, %d persons: %v", len(lines), len(persons), err)
	}

	if all := strings.Join(lines, ""); named != 40 || strings.Count(all, `"HEAVY`) != 20 {
		t.Errorf("the lines name %d persons: %.2000s", named, all)
	}
}

// A piece that cannot be recorded is not sent, in the middle of a list, too; a piece sent before
// is recorded.
func TestAListIsCutWhereItCannotBeRecorded(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	storeLargePeople(h, 20)

	for _, last := range []int{1010, 1020} { // of the list, too
		l.FailOn = fmt.Sprint("HEAVY", last)
		text, _, err := readAll(h, "/people?limit=25")
		if err == nil {
			t.Error("the reply came to its end")
		}

		l.FailOn = ""
		h.Do(root, "GET", "/people?limit=1", "").Want(t, http.StatusServiceUnavailable) // the line that finds the record whole

		named := strings.Join(l.Take(), "")
		for n := 1001; n <= 1020; n++ {
			id := fmt.Sprintf(`"HEAVY%d"`, n)
			sent, recorded := strings.Contains(text, id), strings.Contains(named, id)
			if sent && !recorded || n == 1001 && !recorded || n == last && sent {
				t.Errorf("%s: sent %t, recorded %t", id, sent, recorded)
			}
		}
	}
}

// A failed list was not sent to anybody.
func TestTheAccessRecordOfAFailedListNamesNobody(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	h.DB.Exec(`ALTER TABLE people RENAME COLUMN birth TO gone`)
	h.Do(root, "GET", "/people?dob=1985", "").Want(t, http.StatusInternalServerError)

	if got := l.Persons(t); got != "" {
		t.Errorf("it names %s", got)
	}
}
