// SPDX-License-Identifier: GPL-3.0-or-later

package access

import (
	"strings"
	"testing"
)

const shippedGrants = `[
	{"role": "patient", "permissions": {"GET": ["person", "changes"], "POST": ["page"], "global": "False"}},
	{"role": "doctor", "permissions": {"GET": ["person", "changes", "links"], "POST": ["page", "links"], "PATCH": ["roles"], "global": "True"}}]`

func TestUngrantedEndpointsAreListedWithTheShippedGrants(t *testing.T) {
	const changes, links = "changes (GET to doctor, patient)", "links (GET to doctor; POST to doctor)"
	shipped := parse(t, shippedGrants)
	for file, want := range map[string]string{
		shippedGrants: "",
		`[{"role": "r", "permissions": {"GET": ["person", "changes", "links"], "POST": ["page"], "global": "True"}}]`:  "",
		`[{"role": "r", "permissions": {"GET": ["person", "changes", "links"], "POST": ["page"], "global": "False"}}]`: links, // it counts only with global
		`[{"role": "r", "permissions": {"GET": ["person", "links"], "POST": ["page"], "global": "True"}}]`:             changes,
		`[{"role": "r", "permissions": {"GET": ["person"], "POST": ["page"], "global": "True"}}]`:                      changes + ", " + links,
		`[{"role": "r", "permissions": {"GET": ["person", "changes"], "POST": ["page", "links"]}},
		  {"role": "s", "permissions": {"DELETE": ["links"], "global": true}}]`: "",
	} {
		t.Run(file, func(t *testing.T) {
			got := parse(t, file).Ungranted(shipped)
			_, list, _ := strings.Cut(got, "so: ")
			if list != want || strings.Contains(got, "\n") {
				t.Errorf("for %s the sentence lists %q, want %q", file, got, want)
			}
		})
	}
}

func TestTheFileOfThePythonServerLacksTheNewEndpoints(t *testing.T) {
	shipped, _, err := Load("../../etc/roles.cfg")
	if err != nil {
		t.Fatal(err)
	}

	if got := shipped.Ungranted(shipped); got != "" {
		t.Errorf("for the shipped file: %s", got)
	}

	got := pythonPolicy(t).Ungranted(shipped)
	for _, endpoint := range Endpoints() {
		known := strings.Contains(" login people person book page password roles ", " "+string(endpoint)+" ")
		if listed := strings.Contains(got, " "+string(endpoint)+" ("); listed == known {
			t.Errorf("%s is listed: %t: %s", endpoint, listed, got)
		}
	}
}
