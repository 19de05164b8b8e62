// SPDX-License-Identifier: GPL-3.0-or-later

package access

import (
	"strings"
	"testing"
)

// python is the roles file as the Python server ships it.
func python(t *testing.T) *Policy {
	t.Helper()
	p, _, err := Load("testdata/roles.original.cfg")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func parse(t *testing.T, text string) *Policy {
	t.Helper()
	p, _, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAllow(t *testing.T) {
	const own, others = true, false
	p := python(t)
	for _, c := range []struct {
		want     bool
		roles    string
		method   string
		endpoint Endpoint
		own      bool
	}{
		{true, "end_user", "GET", Person, own},
		{false, "end_user", "GET", Person, others},
		{false, "end_user", "GET", People, own},
		{false, "end_user", "DELETE", Person, own},
		{true, "health_professional", "GET", Person, others},
		{true, "health_professional", "GET", People, own},
		{false, "health_professional", "POST", Password, others},
		{true, "root", "POST", Password, others},
		{false, "root", "GET", Institutions, own},
		{true, "end_user root", "DELETE", Person, others},
		{false, "librarian", "GET", Login, own},
		{false, "", "GET", Login, own},
		{false, "root", "PUT", Person, own},
		{false, "root", "", Person, own},
	} {
		if got := p.Allow(strings.Fields(c.roles), c.method, c.endpoint, c.own); got != c.want {
			t.Errorf("Allow(%q, %s, %s, own %t) = %t", c.roles, c.method, c.endpoint, c.own, got)
		}
	}
}

func TestMatchesAndLinksCountOnlyInGlobalRoles(t *testing.T) {
	p := parse(t, `[
		{"role": "patient", "permissions": {"GET": ["person", "matches", "links"], "DELETE": ["links"], "global": "False"}},
		{"role": "clerk", "permissions": {"GET": ["person", "matches", "links"], "global": "False"}},
		{"role": "clerk", "permissions": {"POST": ["links"], "global": "True"}},
		{"role": "registrar", "permissions": {"GET": ["matches", "links"], "POST": ["links"], "DELETE": ["links"], "global": "True"}}]`)
	for _, c := range []struct {
		role, method string
		endpoint     Endpoint
		want         bool
	}{
		{"patient", "GET", Person, true}, {"patient", "GET", Matches, false}, {"patient", "GET", Links, false}, {"patient", "DELETE", Links, false},
		{"clerk", "GET", Links, false}, {"clerk", "POST", Links, true},
		{"registrar", "GET", Matches, true}, {"registrar", "GET", Links, true}, {"registrar", "DELETE", Links, true},
	} {
		roles, reach := []string{c.role}, Nobodys
		if c.want {
			if reach = Everybodys; c.endpoint == Person {
				reach = Own
			}
		}
		if got := p.Allow(roles, c.method, c.endpoint, true); got != c.want {
			t.Errorf("Allow(%s, %s, %s, own) = %t", c.role, c.method, c.endpoint, got)
		}
		if got := p.Reach(roles, c.method, c.endpoint); got != reach {
			t.Errorf("Reach(%s, %s, %s) = %d, want %d", c.role, c.method, c.endpoint, got, reach)
		}
		if got := p.Granting(roles, c.method, c.endpoint, true); (len(got) > 0) != c.want {
			t.Errorf("Granting(%s, %s, %s, own) = %q", c.role, c.method, c.endpoint, got)
		}
	}
}

func TestTwoEntriesForOneRoleAreAUnionAndKeepTheirReach(t *testing.T) {
	p := parse(t, `[
		{"role": "nurse", "permissions": {"GET": ["person"], "global": "True"}},
		{"role": "nurse", "permissions": {"GET": ["book"], "global": "False"}}]`)
	nurse := []string{"nurse"}
	if !p.Allow(nurse, "GET", Person, false) || !p.Allow(nurse, "GET", Book, true) {
		t.Error("an entry lost its grant")
	}
	if p.Allow(nurse, "GET", Book, false) {
		t.Error("the reach of one entry was lent to the other")
	}
}

func TestAdministers(t *testing.T) {
	for _, c := range []struct {
		file, role string
		want       bool
	}{
		{`[{"role":"root","permissions":{"global":"True"}}]`, "root", true},
		{`[{"role":"root","permissions":{"global":true}}]`, "root", true},
		{`[{"role":"root","permissions":{"global":"False"}}]`, "root", false},
		{`[{"role":"root","permissions":{"global":"True"}},
		   {"role":"registrar","permissions":{"PATCH":["roles"],"global":"True"}}]`, "root", false},
		{`[{"role":"root","permissions":{"global":"True"}},
		   {"role":"registrar","permissions":{"PATCH":["roles"],"global":"True"}}]`, "registrar", true},
		{`[{"role":"self","permissions":{"PATCH":["roles"],"global":"False"}}]`, "self", false},
		{`[{"role":"self","permissions":{"POST":["roles"],"global":"True"}}]`, "self", false},
	} {
		if got := parse(t, c.file).Administers([]string{c.role}); got != c.want {
			t.Errorf("%s administers = %t in %s", c.role, got, c.file)
		}
	}
}

func TestWrongFilesSayWhere(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                                "not a JSON array",
		`[`:                                 "not a JSON array",
		`[] []`:                             "not a JSON array",
		`[{"permissions":{}}]`:              `entry 1, role ""`,
		`[{"role":"a"}]`:                    `role "a": "permissions" must be an object`,
		`[{"role":"a","permissions":null}]`: `role "a": "permissions" must be an object`,
		`[{"role":"a","permissions":{"GET":"person"}}]`:    `role "a": GET must be an array`,
		`[{"role":"a","permissions":{"GET":[1]}}]`:         `role "a": GET must be an array`,
		`[{"role":"a","permissions":{"global":"yes"}}]`:    `role "a": "global" must be`,
		`[{"role":"a","permissions":{"global":"true"}}]`:   `role "a": "global" must be`,
		`[{"role":"a","permissions":{"global":null}}]`:     `role "a": "global" must be`,
		`[{"role":["a"],"permissions":{"global":"True"}}]`: `"role" must be the role's name`,
	} {
		if _, _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%s) = %v, want an error with %q", text, err, want)
		}
	}
	if _, _, err := Load("testdata/absent.cfg"); err == nil || !strings.Contains(err.Error(), "absent.cfg") {
		t.Errorf("the error does not name the file: %v", err)
	}
}

func TestWarnings(t *testing.T) {
	_, warnings, err := Parse([]byte(`[{"role":"root","permissions":{"GET":["persn"],"PUT":["page"],"global":"True"}}]`))
	all := strings.Join(warnings, "\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"persn"`, `"PUT"`, "the role root administers accounts"} {
		if !strings.Contains(all, want) {
			t.Errorf("no warning about %s in:\n%s", want, all)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`[{"role":"root","permissions":{"GET":["person"],"global":"True"}}]`))
	f.Add([]byte(`[{"role":"a","permissions":{"PATCH":["roles"],"global":false}},{}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, _, err := Parse(text)
		if (p == nil) != (err != nil) {
			t.Fatalf("Parse gave %v and %v", p, err)
		}
		if p != nil && p.Allow(nil, "GET", People, true) {
			t.Fatal("somebody without a role was let in")
		}
	})
}
