// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"thalamus/internal/access"
	"thalamus/internal/testhub"
)

const anasLinks = "/people/ESPGNU777ORG/links"

// linked is a hub where Ana is B and so C too, and is not D.
func linked(t *testing.T) *hub {
	t.Helper()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO people (id, data) SELECT id, '{"active": false}' FROM unnest('{B,C,D,É/x}'::text[]) AS id`)
	h.Do(root, "POST", anasLinks, `{"person": "B", "same": true}`).Want(t, 201)
	h.Do(root, "POST", "/people/C/links", `{"person": "B", "same": true}`).Want(t, 201)
	h.Do(root, "POST", anasLinks, `{"person": "D", "same": false}`).Want(t, 201)
	return h
}

var saidAt = regexp.MustCompile(`"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"`)

func TestLinksAreTheSameFromBothSides(t *testing.T) {
	t.Parallel()
	h := linked(t)
	for person, want := range map[string]string{
		"ESPGNU777ORG": `[[{"person":"B","same":true,"direct":true,"time":T,"account":"ARGBUE111FAV"}],` +
			`[{"person":"C","same":true,"direct":false,"time":null,"account":null}],` +
			`[{"person":"D","same":false,"direct":true,"time":T,"account":"ARGBUE111FAV"}]]`,
		"D": `[[{"person":"B","same":false,"direct":false,"time":null,"account":null}],` +
			`[{"person":"C","same":false,"direct":false,"time":null,"account":null}],` +
			`[{"person":"ESPGNU777ORG","same":false,"direct":true,"time":T,"account":"ARGBUE111FAV"}]]`,
		cameron[0]: `[]`,
	} {
		t.Run(person, func(t *testing.T) {
			a := h.Do(cameron, "GET", "/people/"+person+"/links", "").Want(t, 200)
			if got := saidAt.ReplaceAllString(a.Text, "T"); got != want || a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %s\n%v", person, got, a.Header)
			}
			h.Do(root, "HEAD", "/people/"+person+"/links", "").Want(t, 200)
		})
	}
	h.Do(root, "DELETE", "/people/D/links/ESPGNU777ORG", "").Want(t, 204)
	h.Do(root, "DELETE", anasLinks+"/D", "").Want(t, 404)
	h.Do(root, "DELETE", anasLinks+"/C", "").Want(t, 404) // which only follows
	if a := h.Do(root, "GET", "/people/D/links", "").Want(t, 200); a.Text != "[]" {
		t.Error(a.Text)
	}
}

func TestContradictoryAndMalformedLinksAreRefused(t *testing.T) {
	t.Parallel()
	h := linked(t)
	for _, c := range []struct {
		path, body string
		status     int
	}{
		{anasLinks, `{"person": "B", "same": true}`, 200}, {"/people/B/links", `{"person": "ESPGNU777ORG", "same": true}`, 200},
		{anasLinks, `{"person": "B", "same": false}`, 409}, {"/people/C/links", `{"person": "ESPGNU777ORG", "same": false}`, 409},
		{"/people/C/links", `{"person": "D", "same": true}`, 409}, {anasLinks, `{"person": "D", "same": true}`, 409},
		{anasLinks, `{"person": "ESPGNU777ORG", "same": true}`, 422}, {"/people/X/links", `{"person": "X", "same": true}`, 422},
		{"/people/X/links", `{"person": "B", "same": true}`, 404}, {anasLinks, `{"person": "X", "same": true}`, 422},
		{"/people/%00/links", `{"person": "B", "same": true}`, 404}, {anasLinks, `{"person": "\u0000", "same": true}`, 422},
		{anasLinks, `{"person": "B"}`, 422}, {anasLinks, `{"person": "B", "same": null}`, 422}, {anasLinks, `{"person": "B", "same": "true"}`, 422},
		{anasLinks, `{"same": true}`, 422}, {anasLinks, `{"person": 5, "same": true}`, 422}, {anasLinks, `{"person": null, "same": true}`, 422},
		{anasLinks, `[]`, 422}, {anasLinks, `{`, 400}, {anasLinks, ``, 400},
		{"/people/%C3%89%2Fx/links", `{"person": "D", "same": true}`, 201},
	} {
		t.Run(c.path, func(t *testing.T) {
			a := h.Do(root, "POST", c.path, c.body).Want(t, c.status)
			if a.Header.Get("Location") != "" || c.status < 300 && !strings.HasPrefix(a.Text, `{"person":"`) {
				t.Errorf("%s %s: %s %v", c.path, c.body, a.Text, a.Header)
			}
		})
	}
	h.Do(root, "GET", "/people/X/links", "").Want(t, 404)
	h.Do(root, "HEAD", "/people/X/links", "").Want(t, 404)
	h.Do(root, "GET", anasLinks+"?same=true", "").Want(t, 422)
	a := h.Do(root, "GET", anasLinks+"?limit=1", "").Want(t, 200)
	next, _, _ := strings.Cut(strings.TrimPrefix(a.Header.Get("Link"), "<"), ">")
	if rest := h.Do(root, "GET", next, "").Want(t, 200); !strings.HasPrefix(a.Text, `[[{"person":"B"`) || !strings.HasPrefix(rest.Text, `[[{"person":"C"`) {
		t.Errorf("%s, then %s", a.Text, rest.Text)
	}
	if allow := h.Do(root, "GET", anasLinks+"/B", "").Want(t, 405).Header.Get("Allow"); allow != "DELETE, OPTIONS" {
		t.Error(allow)
	}
}

// A writer of links who may not read them is shown none.
func TestLinksAreShownToThoseWhoMayReadThem(t *testing.T) {
	t.Parallel()
	h := linked(t)
	policy, _, err := access.Parse([]byte(`[{"role": "clerk", "permissions": {"POST": ["links"], "global": "True"}}]`))
	if err != nil {
		t.Fatal(err)
	}
	h.SetPolicy(policy)
	clerk := h.Enrol("CLERK", "clerk")
	for person, status := range map[string]int{"B": 200, "É/x": 201} {
		t.Run(person, func(t *testing.T) {
			if a := h.Do(clerk, "POST", anasLinks, fmt.Sprintf(`{"person": %q, "same": true}`, person)).Want(t, status); a.Text != "{}" {
				t.Error(a.Text)
			}
		})
	}
}

func TestARelatedPersonIsToldToWhoMayReadThatOne(t *testing.T) {
	t.Parallel()
	h := linked(t)
	const ofAna, ofB = `</people/B>; rel="related", </people/C>; rel="related"`, `</people/C>; rel="related", </people/ESPGNU777ORG>; rel="related"`
	own := []string{"B", "enrolled with"}
	h.DB.Exec(`UPDATE people SET data = jsonb_build_object('roles', '["end_user"]'::jsonb, 'password', $1::text) WHERE id = 'B'`, testhub.QuickHash(t, own[1]))
	for _, c := range []struct {
		account []string
		person  string
		want    string
	}{
		{root, "ESPGNU777ORG", ofAna}, {cameron, "ESPGNU777ORG", ofAna}, {ana, "ESPGNU777ORG", ""},
		{cameron, "B", ofB}, {own, "B", ""}, {cameron, "D", ""}, {cameron, cameron[0], ""},
	} {
		a := h.Do(c.account, "GET", "/people/"+c.person, "").Want(t, 200)
		head := h.Do(c.account, "HEAD", "/people/"+c.person, "").Want(t, 200)
		same := h.DoWith(c.account, "GET", "/people/"+c.person, "", "If-None-Match", a.Header.Get("ETag")).Want(t, 304)
		for _, a := range []testhub.Answer{a, head, same} {
			if got := strings.Join(a.Header.Values("Link"), ", "); got != c.want {
				t.Errorf("%s %s of %s: %q, want %q", a.Request.Method, c.person, c.account[0], got, c.want)
			}
		}
	}
	h.Do(root, "POST", "/people/%C3%89%2Fx/links", `{"person": "D", "same": true}`).Want(t, 201)
	if got := h.Do(root, "GET", "/people/D", "").Want(t, 200).Header.Get("Link"); got != `</people/%C3%89%2Fx>; rel="related"` {
		t.Error(got)
	}
}

// The roles of a person whose role reaches the own record only, and of one who may
// read nobody, tell of no others.
func TestARelatedPersonIsNotToldWithoutAGlobalGrant(t *testing.T) {
	t.Parallel()
	h := linked(t)
	policy, _, err := access.Parse([]byte(`[{"role": "end_user", "permissions": {"GET": ["person"], "global": "False"}},
		{"role": "linker", "permissions": {"GET": ["links", "book"], "global": "True"}}]`))
	if err != nil {
		t.Fatal(err)
	}
	h.SetPolicy(policy)
	h.DB.Exec(`UPDATE people SET data = data || '{"roles": ["end_user", "linker"]}' WHERE id = $1`, ana[0])
	if got := h.Do(ana, "GET", "/people/"+ana[0], "").Want(t, 200).Header.Get("Link"); got != "" {
		t.Error(got)
	}
}

func TestALinkedPersonCanBeDeleted(t *testing.T) {
	t.Parallel()
	h := linked(t)
	h.Do(root, "DELETE", "/people/B", "").Want(t, http.StatusNoContent)
	for _, person := range []string{"ESPGNU777ORG", "C"} {
		if got := h.Do(root, "GET", "/people/"+person, "").Want(t, 200).Header.Get("Link"); got != "" {
			t.Error(person, got)
		}
	}
}

func TestALinkIsRecordedAsAReadOfThePathsPerson(t *testing.T) {
	t.Parallel()
	h, record := testhub.Recorded(t)
	for _, c := range []struct{ method, body, want string }{
		{"GET", "", "ITAPYT999HON health_professional GET links ESPGNU777ORG   200"},
		{"POST", `{"person": "B", "same": true}`, "ITAPYT999HON end_user+health_professional POST links ESPGNU777ORG   403"},
	} {
		t.Run(c.method, func(t *testing.T) {
			if got := record.One(t, h.Do(cameron, c.method, anasLinks, c.body)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestALinkSaysInWhichRequestItWasMade(t *testing.T) {
	t.Parallel()
	h := linked(t)
	a := h.Do(root, "POST", "/people/C/links", `{"person": "D", "same": false}`)
	got := h.DB.Text(`SELECT request FROM thalamus_links WHERE person = 'C' AND other = 'D'`)
	if want := a.Want(t, http.StatusCreated).Header.Get("X-Request-Id"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
