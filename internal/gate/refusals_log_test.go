// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"strings"
	"testing"
)

func TestARepeatedRefusalIsALineOfTheLog(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const path = "/pols/ESPGNU777ORG/lost-page"

	for range 50 {
		h.Do(root, "POST", path+"?hidden-query=1", `{"id": "other", "secret": "hidden-body"}`).Want(t, 422)
	}

	for range 3 {
		h.Do(ana, "GET", "/people?hidden-query=1", "").Want(t, 403)
		h.Do(ana, "GET", path, "").Want(t, 404) // it is not there: that is an answer
		h.Do(ana, "GET", "/people/"+ana[0], "").Want(t, 200)
		h.Do(nil, "POST", path, "{}").Want(t, 401)
		h.Do([]string{ana[0], "wrong"}, "POST", path, "{}").Want(t, 401)
	}

	h.Close() // a line comes after its reply
	var lines []string
	for line := range strings.Lines(h.Log.String()) {
		if strings.Contains(line, "again and again") {
			lines = append(lines, line)
		}
	}

	if len(lines) != 2 {
		t.Fatalf("got %d lines, want 2: %q", len(lines), lines)
	}

	for i, want := range []string{
		`account=` + root[0] + ` method=POST route=/pols/{person}/{page} status=422 reason="The body must have the page's id, as in the path." count=3 since=`,
		`account=` + ana[0] + ` method=GET route=/people status=403 reason="This needs the grant \"people\" under GET, which none of your roles has: end_user." count=3 since=`,
	} {
		if !strings.Contains(lines[i], "level=WARN") || !strings.Contains(lines[i], want) || strings.Contains(lines[i], "hidden") || strings.Contains(lines[i], "lost-page") || strings.Contains(lines[i], root[1]) {
			t.Errorf("got %s, want %s", lines[i], want)
		}
	}
}
