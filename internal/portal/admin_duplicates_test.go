// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

const queuePath = "/portal/admin/duplicates"

// suspectTwins is a hub whose queue has the pairs A1 B1, A2 B2 and A3 B3 in this order.
func suspectTwins(t *testing.T) (*testhub.Hub, *testhub.AccessRecord) {
	t.Helper()
	h, record := testhub.Recorded(t)
	suspect(h)
	return h, record
}

func suspect(h *testhub.Hub) {
	h.T.Helper()
	for n := 1; n <= 3; n++ {
		h.DB.Exec(`INSERT INTO people VALUES ($1, '{"name": "Wilhelmina", "lastname": "Quack", "dob": "1985-10-04", "phone": "1", "profession": "nurse", "password": "x"}'),
			($2, '{"name": "Wilhelmina", "lastname": "Quakenbush", "dob": "1985-10-04", "email": "w@q", "roles": ["end_user"]}')`, fmt.Sprint("A", n), fmt.Sprint("B", n))
		h.DB.Exec(`INSERT INTO thalamus_duplicates (person, other, doubt, found) VALUES ($1, $2, $3, now())`, fmt.Sprint("A", n), fmt.Sprint("B", n), float64(n)/100)
	}
}

// The pairs come one after another: each decision leads to the next, and can be taken back.
func TestTheQueueOfDuplicatesIsWorkedOff(t *testing.T) {
	t.Parallel()
	h, _ := suspectTwins(t)
	b := h.SignIn(root)
	wantText(t, b.Get(queuePath), `<a href="`+queuePath+`/A1/B1">`, `<bdi>99.0 %</bdi>`, "<bdi>Wilhelmina Quakenbush</bdi>")
	for _, step := range []struct{ pair, decision, next string }{
		{"/A1/B1", "later", "/A2/B2"}, {"/A2/B2", "same", "/A3/B3"}, {"/B3/A3", "apart", "/A1/B1"}, {"/A1/B1", "later", ""},
	} {
		if a := b.Post(queuePath+step.pair, "decision", step.decision).Want(t, http.StatusSeeOther); a.Lead() != queuePath+step.next {
			t.Errorf("%s %s leads to %s", step.pair, step.decision, a.Lead())
		}
	}

	wantText(t, b.Get(queuePath+"/A2/B2"), "They are known to be the same person", "Take the decision back")
	wantText(t, b.Get(queuePath+"/A3/B3"), "They are known to be two persons")
	wantText(t, b.Get("/portal/admin/decided-duplicates"), `<a href="`+queuePath+`/A3/B3">`, "two persons. <span class=\"hint\"><bdi>"+root[0]+"</bdi>")
	if got := h.DB.Text(`SELECT string_agg(person || CASE WHEN same THEN '=' ELSE '!' END || other || ' ' || account, ', ' ORDER BY person) FROM thalamus_links`); got != "A2=B2 "+root[0]+", A3!B3 "+root[0] {
		t.Errorf("the links are %s", got)
	}

	if a := b.Post(queuePath+"/A2/B2/undo").Want(t, http.StatusSeeOther); a.Lead() != queuePath+"/A2/B2" {
		t.Errorf("taken back, it leads to %s", a.Lead())
	}
	wantText(t, b.Get(queuePath+"/A2/B2"), `value="same">The same person`)
	wantText(t, b.Get(queuePath), `<a href="`+queuePath+`/A2/B2">`)
}

// What differs is told by a word. A password is in no comparison.
func TestTwoPersonsAreComparedInWords(t *testing.T) {
	t.Parallel()
	h, _ := suspectTwins(t)
	a := h.SignIn(root).Get(queuePath+"/b1/a1").Want(t, http.StatusOK)
	text := strings.Join(strings.Fields(markup.ReplaceAllString(a.Text, " ")), " ")
	for _, want := range []string{
		"First name Wilhelmina Wilhelmina the same", "Last name Quack Quakenbush different", "Date of birth 1985-10-04 1985-10-04 the same",
		"phone 1 nothing only one has it", "Profession nurse nothing only one has it", "email nothing w@q only one has it",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in %s", want, text)
		}
	}
	if strings.Contains(text, "password") || strings.Contains(text, "end_user") {
		t.Errorf("the comparison has more: %s", text)
	}
}

func TestADecisionThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	h, _ := suspectTwins(t)
	b := h.SignIn(root)
	for path, want := range map[string]int{"/A1/B1": 400, "/A1/NOBODY": 404, "/NOBODY/A1": 404, "/A1/A1": 422} {
		form := []string{"decision", "same"}
		if path == "/A1/B1" {
			form = []string{"decision", "maybe"}
		}
		a := b.Post(queuePath+path, form...)
		if a.StatusCode != want && (want != 404 || a.StatusCode != 422) {
			t.Errorf("%s: status %d, want %d", path, a.StatusCode, want)
		}
	}
	b.Post(queuePath+"/A1/B1", "decision", "same").Want(t, http.StatusSeeOther)
	b.Post(queuePath+"/A1/B2", "decision", "apart").Want(t, http.StatusSeeOther)
	wantText(t, b.Post(queuePath+"/B1/B2", "decision", "same").Want(t, http.StatusConflict), `role="alert"`, "this contradicts what is known")
	b.Get(queuePath+"/A1/NOBODY").Want(t, http.StatusNotFound)
	b.Get(queuePath+"?after=x").Want(t, http.StatusUnprocessableEntity)
}

func TestTheQueueComesInParts(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO people (id, data) SELECT id || n, '{}' FROM generate_series(100, 159) AS n, unnest('{A,B}'::text[]) AS id`)
	h.DB.Exec(`INSERT INTO thalamus_duplicates (person, other, doubt, found, decided, account, time)
		SELECT 'A' || n, 'B' || n, 0.25, now(), CASE WHEN n >= 130 THEN 'apart' END, 'DR', CASE WHEN n >= 130 THEN now() END FROM generate_series(100, 159) AS n`)
	b := h.SignIn(root)
	for _, list := range []string{queuePath, "/portal/admin/decided-duplicates"} {
		path, sizes := list, []int{}
		for path != "" && len(sizes) < 5 {
			a := b.Get(path).Want(t, http.StatusOK)
			sizes = append(sizes, strings.Count(a.Text, "Compare <bdi>"))
			path = href(a, "next")
		}
		if diff := cmp.Diff([]int{25, 5}, sizes); diff != "" {
			t.Errorf("%s: %s", list, diff)
		}
	}
	b.Get(queuePath+"?after="+url.QueryEscape("OTIyMzM3MjAzNjg1NDc3NTgwNy8wL0EvQg")).Want(t, http.StatusUnprocessableEntity)
}

// To look takes the grants to read links and persons of everybody; to decide, to write links; to take back, to
// delete them.
func TestDuplicatesTakeTheGrantsOfLinks(t *testing.T) {
	t.Parallel()
	h, _ := suspectTwins(t)
	h.SetPolicy(policyWith(t, `
		{"role": "clerk", "permissions": {"GET": ["links", "person"], "POST": ["links"], "global": "True"}},
		{"role": "blind", "permissions": {"GET": ["links"], "POST": ["links"], "DELETE": ["links"], "global": "True"}},
		{"role": "narrow", "permissions": {"GET": ["links", "person"], "POST": ["links"], "DELETE": ["links"], "global": "False"}}`))
	for _, c := range []struct {
		account            []string
		look, decide, undo bool
	}{
		{ana, false, false, false}, {cameron, true, false, false}, {h.Enrol("CLERK", "clerk"), true, true, false}, {h.Enrol("NOROLE"), false, false, false},
		{h.Enrol("BLIND", "blind"), false, true, true}, {h.Enrol("NARROW", "narrow"), false, false, false}, {root, true, true, true},
	} {
		b := h.SignIn(c.account)
		status := func(may bool, yes int) int { return map[bool]int{true: yes, false: http.StatusForbidden}[may] }
		b.Get(queuePath).Want(t, status(c.look, http.StatusOK))
		b.Get("/portal/admin/decided-duplicates").Want(t, status(c.look, http.StatusOK))
		for _, pair := range []string{"/A1/B1", "/" + c.account[0] + "/B1"} {
			a := b.Get(queuePath+pair).Want(t, status(c.look, http.StatusOK))
			if offered := strings.Contains(a.Text, `value="same"`); offered != (c.look && c.decide) {
				t.Errorf("%s is offered a decision: %v", c.account[0], offered)
			}
		}
		b.Post(queuePath+"/A1/B1", "decision", "later").Want(t, status(c.decide, http.StatusSeeOther))
		b.Post(queuePath+"/A1/B1/undo").Want(t, status(c.undo, http.StatusSeeOther))
	}
}

// Each person who is shown is in the access record.
func TestALookAtDuplicatesIsRecorded(t *testing.T) {
	t.Parallel()
	h, record := suspectTwins(t)
	b := h.SignIn(root)
	record.Take()
	b.Get(queuePath)
	if got, want := record.Persons(t), `["A1","B1","A2","B2","A3","B3"]`; got != want {
		t.Errorf("the line of the queue has %s, want %s", got, want)
	}
	b.Get(queuePath + "/A1/B1")
	lines := record.Take()
	if len(lines) != 2 || !strings.Contains(lines[0], `"person":"A1"`) || !strings.Contains(lines[1], `"person":"B1"`) {
		t.Errorf("the lines of a pair are %q", lines)
	}
}
