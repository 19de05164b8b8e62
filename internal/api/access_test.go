// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

const accessOfAna = "/people/ESPGNU777ORG/access"

// accessHub is a hub whose access record can be asked.
func accessHub(t *testing.T) (h *hub, copyLines func()) {
	t.Helper()
	indexed, copyLines := testhub.Indexed(t)
	return &hub{indexed}, copyLines
}

// accesses gives "account method endpoint way status" of each access that an account is shown.
func (h *hub) accesses(account []string, path string) (lines []string) {
	h.T.Helper()
	a := h.Do(account, "GET", path, "").Want(h.T, http.StatusOK)
	var list [][]struct {
		Account, Method, Endpoint, Way string
		Status                         int
	}
	if err := json.Unmarshal([]byte(a.Text), &list); err != nil {
		h.T.Fatalf("%v: %s", err, a.Text)
	}
	for _, item := range list {
		e := item[0]
		lines = append(lines, fmt.Sprintf("%s %s %s %s %d", e.Account[:3], e.Method, e.Endpoint, e.Way, e.Status))
	}
	return lines
}

func wantLines(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAPersonIsToldWhoHasReadHerRecords(t *testing.T) {
	t.Parallel()
	h, copyLines := accessHub(t)
	h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, 200)
	h.Do(cameron, "GET", "/people/espgnu777org", "").Want(t, 200)
	h.Do(cameron, "GET", "/people/"+other[0], "").Want(t, 200)
	h.Do(other, "GET", "/pols/"+ana[0], "").Want(t, 403)
	h.Do(cameron, "GET", "/people?q=betz", "").Want(t, 200)
	h.Do(root, "GET", "/people", "").Want(t, 200)
	h.Do(ana, "GET", "/pols/"+ana[0], "").Want(t, 200)
	copyLines()

	want := []string{
		"ARG GET people all 200", "ITA GET people listed 200", "FRA GET book asked 403", "ITA GET person asked 200", "ITA GET person asked 200",
	}
	wantLines(t, h.accesses(ana, accessOfAna), append([]string{"ESP GET book asked 200"}, want...)...)
	wantLines(t, h.accesses(ana, accessOfAna+"?others=1"), want...)
	wantLines(t, h.accesses(root, strings.ToLower(accessOfAna)+"?others=1"), want...)

	copyLines() // to be asked for the record is an access, too
	wantLines(t, h.accesses(ana, accessOfAna+"?limit=3"), "ARG GET access asked 200", "ESP GET access asked 200", "ESP GET access asked 200")
}

// Whoever else was in a list, and where its reader was, is for auditors.
func TestAnAccessSaysWhoWhenAndInWhichRole(t *testing.T) {
	t.Parallel()
	h, copyLines := accessHub(t)
	h.Do(cameron, "GET", "/pols/"+ana[0]+"/"+birthPage, "").Want(t, 200)
	copyLines()

	fields := `,"account":"ITAPYT999HON","name":"Cameron Cordara","roles":["health_professional"],"method":"GET","endpoint":"page","page":"` + birthPage +
		`","document":null,"way":"asked","status":200,"own":false`
	_, own, _ := strings.Cut(h.Do(ana, "GET", accessOfAna, "").Want(t, 200).Text, `Z"`)
	if want := fields + `}]]`; own != want {
		t.Errorf("to herself: %s, want %s", own, want)
	}

	_, audited, _ := strings.Cut(h.Do(root, "GET", accessOfAna, "").Want(t, 200).Text, `Z"`)
	if want := fields + `,"person":"ESPGNU777ORG","request":"`; !strings.HasPrefix(audited, want) || !strings.HasSuffix(audited, `","address":"127.0.0.1"}]]`) {
		t.Errorf("to an auditor: %s, want %s", audited, want)
	}
}

func TestAListOfAnotherPersonIsNamedToAuditorsOnly(t *testing.T) {
	t.Parallel()
	h, copyLines := accessHub(t)
	h.Do(root, "POST", "/people/"+other[0]+"/links", `{"person": "`+ana[0]+`", "same": false}`).Want(t, 201)
	h.Do(cameron, "GET", "/people/"+other[0]+"/links", "").Want(t, 200)
	copyLines()

	wantLines(t, h.accesses(ana, accessOfAna), "ITA GET links listed 200")
	if text := h.Do(ana, "GET", accessOfAna, "").Text; strings.Contains(text, other[0]) {
		t.Errorf("she is told of another person: %s", text)
	}
	if text := h.Do(root, "GET", accessOfAna, "").Text; !strings.Contains(text, `"person":"`+other[0]+`"`) {
		t.Errorf("an auditor is not told whose links they were: %s", text)
	}
}

func TestAccessesAreShownToThePersonAndToAuditors(t *testing.T) {
	t.Parallel()
	h, _ := accessHub(t)
	for _, c := range []struct {
		account []string
		person  string
		want    int
	}{
		{ana, ana[0], 200}, {ana, testhub.Small(ana), 200}, {ana, other[0], 403}, {ana, "NOBODY", 403},
		{cameron, ana[0], 403}, {cameron, cameron[0], 200}, {root, ana[0], 200}, {root, root[0], 200}, {root, "NOBODY", 404},
		{nobody, ana[0], 401}, {h.Enrol("DOCTOR", "health_professional"), "DOCTOR", 403}, // who is no end_user
		{h.Enrol("AUDITOR", "auditor"), ana[0], 403}, // a role that the file does not have
	} {
		h.Do(c.account, "GET", "/people/"+c.person+"/access", "").Want(t, c.want)
		h.Do(c.account, "HEAD", "/people/"+c.person+"/access", "").Want(t, c.want)
	}
	h.Do(ana, "POST", accessOfAna, "{}").Want(t, 405)
	h.Do(ana, "DELETE", accessOfAna, "").Want(t, 405)
}

func TestAccessesComeInPagesAndOfSomeDays(t *testing.T) {
	t.Parallel()
	h, copyLines := accessHub(t)
	for range 3 {
		h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, 200)
		h.Do(other, "GET", "/people/"+ana[0], "").Want(t, 403)
	}
	copyLines()
	h.DB.Exec(`SELECT thalamus_access_month('2026-05-31 12:00Z')`)
	h.DB.Exec(`UPDATE thalamus_access SET time = timestamptz '2026-05-31 12:00Z' + seq * interval '1 minute'`)

	all := h.accesses(ana, accessOfAna)
	var paged []string
	path := accessOfAna + "?others=1&limit=4"
	for path != "" {
		paged = append(paged, h.accesses(ana, path)...)
		path = h.Do(ana, "GET", path, "").Next(t)
	}
	wantLines(t, paged, all...)
	if len(all) != 6 {
		t.Errorf("%d accesses, want 6", len(all))
	}

	for query, want := range map[string]int{
		"?from=2026": 6, "?to=2025": 0, "?from=2999": 0, "?to=2026-05-31": 6, "?to=2026-05-30": 0, "?from=2026-05-31&to=2026-05": 6, "?from=2026-06": 0,
		"?limit=2": 2,
	} {
		t.Run(query, func(t *testing.T) {
			if got := h.accesses(ana, accessOfAna+query); len(got) != want {
				t.Errorf("%s: %d accesses, want %d", query, len(got), want)
			}
		})
	}
	for _, query := range []string{"?from=yesterday", "?from=2026&to=2025", "?others=0", "?limit=0", "?after=x", "?order=asc", "?person=X"} {
		h.Do(ana, "GET", accessOfAna+query, "").Want(t, 422)
	}
}

// What was read of a person stays on record when the person is gone.
func TestAccessesToAPersonWhoIsGoneAreShownToAuditors(t *testing.T) {
	t.Parallel()
	h, copyLines := accessHub(t)
	gone := h.Enrol("GONE", "end_user")
	h.Do(cameron, "GET", "/people/GONE", "").Want(t, 200)
	h.DB.Exec(`DELETE FROM people WHERE id = 'GONE'`)
	copyLines()

	wantLines(t, h.accesses(root, "/people/GONE/access"), "ITA GET person asked 200")
	h.Do(gone, "GET", "/people/GONE/access", "").Want(t, 401)

	if _, err := testdb.At(t, h.DB.URL).Erase(t.Context(), fed.Write{}, "GONE"); err != nil {
		t.Fatal(err)
	}
	copyLines()
	wantLines(t, h.accesses(root, "/people/GONE/access"), "ARG GET access asked 200", "ITA GET person asked 200")
}

// An empty list would say that nobody has read anything.
func TestARecordThatCannotBeAskedIsNotFound(t *testing.T) {
	t.Parallel()
	unindexed, _ := testhub.Recorded(t)
	for _, h := range []*hub{quickHub(t), {unindexed}} {
		h.Do(ana, "GET", accessOfAna, "").WantError(t, 404)
		h.Do(other, "GET", accessOfAna, "").WantError(t, 403)
	}
}
