// SPDX-License-Identifier: GPL-3.0-or-later

package access

import (
	"strings"
	"testing"
)

// pythonPolicy is the roles file as the Python server ships it.
func pythonPolicy(t *testing.T) *Policy {
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
	p := pythonPolicy(t)
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
		t.Run(c.role, func(t *testing.T) {
			roles, reach := []string{c.role}, NoRecords
			if c.want {
				reach = AllRecords
				if c.endpoint == Person {
					reach = OwnRecords
				}
			}

			if got := p.Allow(roles, c.method, c.endpoint, true); got != c.want {
				t.Errorf("Allow(%s, %s, %s, own) = %t", c.role, c.method, c.endpoint, got)
			}

			if got := p.Reach(roles, c.method, c.endpoint); got != reach {
				t.Errorf("Reach(%s, %s, %s) = %d, want %d", c.role, c.method, c.endpoint, got, reach)
			}

			if got := p.GrantingRoles(roles, c.method, c.endpoint, true); (len(got) > 0) != c.want {
				t.Errorf("GrantingRoles(%s, %s, %s, own) = %q", c.role, c.method, c.endpoint, got)
			}
		})
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
		t.Run(c.file, func(t *testing.T) {
			if got := parse(t, c.file).Administers([]string{c.role}); got != c.want {
				t.Errorf("%s administers = %t in %s", c.role, got, c.file)
			}
		})
	}
}

func TestWrongFilesSayWhere(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                                "not a JSON array",
		`[`:                                 "not a JSON array",
		`[] []`:                             "not a JSON array",
		`[{"permissions":{}}]`:              `entry 1, role ""`,
		`[{"role":"","permissions":{}}]`:    `entry 1, role "": "role" must be`,
		`[{"role":"a"}]`:                    `role "a": "permissions" must be an object`,
		`[{"role":"a","permissions":null}]`: `role "a": "permissions" must be an object`,
		`[{"role":"a","permissions":{"GET":"person"}}]`:    `role "a": GET must be an array`,
		`[{"role":"a","permissions":{"GET":[1]}}]`:         `role "a": GET must be an array`,
		`[{"role":"a","permissions":{"global":"yes"}}]`:    `role "a": "global" must be`,
		`[{"role":"a","permissions":{"global":"true"}}]`:   `role "a": "global" must be`,
		`[{"role":"a","permissions":{"global":null}}]`:     `role "a": "global" must be`,
		`[{"role":["a"],"permissions":{"global":"True"}}]`: `"role" must be the role's name`,
	} {
		t.Run(text, func(t *testing.T) {
			if _, _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("Parse(%s) = %v, want an error with %q", text, err, want)
			}
		})
	}
	if _, _, err := Load("testdata/absent.cfg"); err == nil || !strings.Contains(err.Error(), "absent.cfg") {
		t.Errorf("the error does not name the file: %v", err)
	}
}

func TestAWrongFileNamesTheLine(t *testing.T) {
	const head = "[\n {\"role\": \"root\",\n  \"permissions\": {\"GET\": [\"person\"],\n   \"global\": \"True\"}},\n"
	for text, want := range map[string]string{
		head + " {\"role\": \"m\xe9decin\"}]":                  "line 5: not UTF-8",
		"\xff\xfe[\x00":                                        "line 1: not UTF-8",
		head + "\n {\"role\": \"a\",\n \"permissions\": {},}]": "line 7: not a JSON array of roles: invalid character",
		head:     "line 4: not a JSON array of roles: unexpected end",
		"\n\n{}": "line 3: not a JSON array of roles",
		"":       "line 1: not a JSON array of roles: unexpected end", "[{\"role\": \"a\n\"}]": "line 1: not a JSON array of roles: invalid character",
		"null":                             "line 1: not a JSON array of roles",
		head + "5]":                        `line 5: entry 2, role "": "role" must be the role's name`,
		head + " {\n\"permissions\": {}}]": `line 5: entry 2, role "": "role" must be the role's name`,
		head + " {\n\"role\":\n 5}]":       `line 7: entry 2, role "": "role" must be the role's name`,
		head + " {\"role\": \"a\",\n\"global\": true}]":                                     `line 5: entry 2, role "a": "permissions" must be an object`,
		head + " {\"permissions\": {\n\"GET\": [],\n\"POST\": \"page\"}, \"role\": \"a\"}]": `line 7: entry 2, role "a": POST must be an array`,
		head + " {\"role\": \"a\", \"permissions\": {\n\n\"global\": 1}}]":                  `line 7: entry 2, role "a": "global" must be`,
	} {
		t.Run(text, func(t *testing.T) {
			if _, _, err := Parse([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("Parse(%q) = %v, want %s", text, err, want)
			}
		})
	}
}

func TestAByteOrderMarkIsNoError(t *testing.T) {
	p := parse(t, "\uFEFF"+`[{"role":"médecin","permissions":{"GET":["person"]}}]`)
	if !p.Allow([]string{"médecin"}, "GET", Person, true) {
		t.Error("the role is another one")
	}
}

// Of double keys the last one counts, as in Python.
func TestTheLastOfDoubleKeysCounts(t *testing.T) {
	p := parse(t, `[{"role":"a","role":"b","permissions":5,"permissions":{"GET":["page"],"GET":["person"],"global":"True","global":"False"}}]`)
	for _, c := range []struct {
		role     string
		endpoint Endpoint
		own      bool
		want     bool
	}{{"b", Person, true, true}, {"a", Person, true, false}, {"b", Page, true, false}, {"b", Person, false, false}} {
		t.Run(c.role, func(t *testing.T) {
			if got := p.Allow([]string{c.role}, "GET", c.endpoint, c.own); got != c.want {
				t.Errorf("%v: %t", c, got)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	_, warnings, err := Parse([]byte("[{\"role\":\"root\",\n\"permissions\":{\"GET\":[\"persn\"],\n\"PUT\":[\"page\"],\"global\":\"True\"}}]"))
	all := strings.Join(warnings, "\n")
	if err != nil {
		t.Fatal(err)
	}

	for _, want := range []string{`line 2: role "root": GET: endpoint "persn"`, `line 3: role "root": permission "PUT"`, "the role root administers accounts"} {
		if !strings.Contains(all, want) {
			t.Errorf("no warning about %s in:\n%s", want, all)
		}
	}
}

// The name may be right, so the role is taken as it is.
func TestANameThatLooksLikeAnotherCausesAWarning(t *testing.T) {
	const root = "[{\"role\":\"root\",\"permissions\":{\"PATCH\":[\"roles\"],\"global\":\"True\"}},\n{\"permissions\":{\"GET\":[\"person\"]},\n\"role\":"
	for name, want := range map[string]string{
		"nurse": "", "médecin": "", "看護師": "", "head nurse": "",
		" nurse": `" nurse"`, "nurse ": `"nurse "`, "nurse\u00a0": `"nurse\u00a0"`, "me\u0301decin": `"me\u0301decin"`,
		"nur\u200bse": `"nur\u200bse"`, "m\ufffddecin": `"m\ufffddecin"`,
	} {
		t.Run(name, func(t *testing.T) {
			p, warnings, err := Parse([]byte(root + `"` + name + `"}]`))
			if err != nil || !p.Allow([]string{name}, "GET", Person, true) {
				t.Errorf("%+q is not taken as it is: %v", name, err)
			}

			warned := strings.Join(warnings, "\n")
			if (warned != "") != (want != "") || want != "" && !strings.Contains(warned, "line 3: ") || !strings.Contains(warned, want) {
				t.Errorf("%+q causes the warnings: %s", name, warned)
			}
		})
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
			t.Fatal("an account without a role was let in")
		}
	})
}
