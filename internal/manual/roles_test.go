// SPDX-License-Identifier: GPL-3.0-or-later

package manual_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/testhub"
)

// rolesHub is a hub with the roles of a section of the manual, and whose access record can be asked.
func rolesHub(t *testing.T, heading string) (h *testhub.Hub, copyLines func()) {
	t.Helper()
	policy, _, err := access.Parse([]byte(jsonBlocks(t, "roles", heading)[0]))
	if err != nil {
		t.Fatal(err)
	}
	return testhub.Indexed(t, func(o *testhub.Options) { o.Policy = policy })
}

// rolesToCopy are the sections of roles that the manual has, with the role of each.
var rolesToCopy = map[string]string{
	"### A laboratory": "laboratory", "### A node that follows the feed": "node", "### A civil office": "civil_office",
	"### An auditor": "auditor", "### A statistician": "statistician",
}

// Whatever a section does not list is refused: each path is asked for, of somebody else and of the
// account itself. The ids are of nothing that exists and the body is empty, so that nothing changes.
func TestARoleOfTheManualReachesWhatItsSectionSays(t *testing.T) {
	t.Parallel()
	for heading, role := range rolesToCopy {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			h, _ := rolesHub(t, heading)
			account := h.Enrol("ESPROL001EXA", role)
			got := map[string][]string{}
			for _, row := range h.Rows {
				if row.Endpoint != "" && row.Face != gate.FHIR {
					reach := reachOf(h, account, row)
					got[reach] = append(got[reach], row.Method+" "+row.Pattern)
				}
			}
			delete(got, "")
			if diff := cmp.Diff(reachesInManual(t, heading), sorted(got)); diff != "" {
				t.Errorf("(-manual +hub)\n%s", diff)
			}
		})
	}
}

// reachOf tells of whom an account may ask for a row; "" is of nobody.
func reachOf(h *testhub.Hub, account []string, row gate.Row) string {
	h.T.Helper()
	may := func(person string) bool {
		path := strings.NewReplacer("{person}", person, "{", "", "}", "").Replace(row.Pattern)
		a := h.Do(account, row.Method, path, "")
		if a.StatusCode == http.StatusUnauthorized || a.StatusCode == http.StatusMethodNotAllowed || a.StatusCode >= http.StatusInternalServerError {
			h.T.Errorf("%s %s: status %d", row.Method, path, a.StatusCode)
		}
		return a.StatusCode != http.StatusForbidden
	}
	switch {
	case !strings.Contains(row.Pattern, "{person}") && may(""):
		return "without a person"
	case !strings.Contains(row.Pattern, "{person}"):
		return ""
	case may(testhub.Ana[0]):
		return "of everybody"
	case may(account[0]):
		return "of itself alone"
	}
	return ""
}

// reachesInManual are the lists of a section.
func reachesInManual(t *testing.T, heading string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	text := strings.ReplaceAll(section(t, "roles", heading), "\n  ", " ")
	for _, line := range regexp.MustCompile(`(?m)^- (of everybody|without a person|of itself alone): (.*)$`).FindAllStringSubmatch(text, -1) {
		for _, row := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(line[2], -1) {
			all[line[1]] = append(all[line[1]], row[1])
		}
	}
	return sorted(all)
}

func sorted(lists map[string][]string) map[string][]string {
	for _, list := range lists {
		slices.Sort(list)
	}
	return lists
}

// Of the ids in the examples, ESPGNU777ORG stands for the account that asks.
func TestRolesReachAsTheManualShowsByExample(t *testing.T) {
	t.Parallel()
	const heading = "## Own and global, by example"
	h, _ := rolesHub(t, heading)
	for i, row := range table(t, "roles", heading) {
		method, path, _ := strings.Cut(row[1], " ")
		account := h.Enrol(fmt.Sprintf("ESPEXA%03dEXA", i), strings.Split(row[0], ", ")...)
		a := h.Do(account, method, strings.ReplaceAll(path, testhub.Ana[0], account[0]), "")
		if got := fmt.Sprint(a.StatusCode); got != row[2] {
			t.Errorf("%v: status %s: %.200s", row, got, a.Text)
		}
	}
}
