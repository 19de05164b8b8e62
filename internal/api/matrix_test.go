// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/gate"
	"thalamus/internal/testhub"
)

var update = flag.Bool("update", false, "write testdata/access_matrix.txt anew")

const matrixFile = "testdata/access_matrix.txt"

const matrixHead = `# Who gets in where: a line for each row of the route table, a column for each caller.
# After a change on purpose: go test ./internal/api -run TestAccessMatrix -update
#
#   -     open to everybody      401  must log in; the portal leads to its sign-in
#   yes   the handler is reached 403  is known, and refused
#
# "own" is an end_user on paths that name the caller, or nobody; "other's" is the same one on another
# person's paths; "doctor" is a health_professional. The roles are those of the shipped etc/roles.cfg; in
# the columns with a "*", those of the Python server's.

`

// matrixCaller is a column: who asks, and about whom.
type matrixCaller struct {
	title   string
	account []string
	person  string
	python  bool
}

var matrixCallers = []matrixCaller{
	{"nobody", nobody, other[0], false},
	{"own", other, other[0], false}, {"other's", other, ana[0], false}, {"doctor", cameron, ana[0], false}, {"root", root, ana[0], false},
	{"own*", other, other[0], true}, {"other's*", other, ana[0], true}, {"doctor*", cameron, ana[0], true}, {"root*", root, ana[0], true},
}

func TestAccessMatrix(t *testing.T) {
	t.Parallel()
	shipped, python := quickHub(t), quickHubWith(t, "testdata/roles.original.cfg")
	shipped.WatchHealth()
	python.WatchHealth()
	got := matrix(shipped, python)
	if *update {
		if err := os.WriteFile(matrixFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("access has changed; if on purpose, run with -update (-file +server)\n%s", diff)
	}
}

// matrix asks for every row of the route table as every caller.
func matrix(shipped, python *hub) string {
	var b strings.Builder
	b.WriteString(matrixHead + fmt.Sprintf("%-6s %-43s %-16s", "", "", "endpoint"))
	for _, c := range matrixCallers {
		fmt.Fprintf(&b, " %-8s", c.title)
	}
	for _, row := range shipped.Every() {
		fmt.Fprintf(&b, "\n%-6s %-43s %-16s", row.Method, row.Pattern, grantsOf(row))
		for _, c := range matrixCallers {
			h := shipped
			if c.python {
				h = python
			}
			fmt.Fprintf(&b, " %-8s", c.admission(h, row))
		}
	}
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// grantsOf names the endpoints that a row takes.
func grantsOf(row gate.Row) string {
	names := []string{string(row.Endpoint)}
	for _, endpoint := range row.Besides {
		names = append(names, string(endpoint))
	}
	return strings.Join(names, "+")
}

// admission tells how far a caller comes. The ids are of nothing that exists and
// the body is empty, so that no handler changes anything.
func (c matrixCaller) admission(h *hub, row gate.Row) string {
	a := c.ask(h, row)
	switch {
	case row.Endpoint == "" && a.StatusCode < http.StatusInternalServerError:
		return "-"
	case strings.HasPrefix(a.Lead(), "/portal/sign-in?next="):
		return "401"
	case a.StatusCode == http.StatusUnauthorized, a.StatusCode == http.StatusForbidden:
		return fmt.Sprint(a.StatusCode)
	case a.StatusCode >= http.StatusInternalServerError, a.StatusCode == http.StatusMethodNotAllowed:
		h.T.Errorf("%s %s: status %d", row.Method, row.Pattern, a.StatusCode)
	}
	return "yes"
}

// ask sends a request to a row, with a password or, to a page of the portal, with a session of its own.
func (c matrixCaller) ask(h *hub, row gate.Row) testhub.Answer {
	if row.Face != gate.Pages {
		return h.DoRow(c.account, row, c.person)
	}
	return h.SignIn(c.account).Do(row.Method, strings.NewReplacer("{person}", c.person, "{", "", "}", "").Replace(row.Pattern), "")
}
