// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

const accessPath = "/portal/admin/access"

// found is the table of what was found, a row each: who, what and about whom.
func found(a testhub.Answer) (rows []string) {
	_, table, _ := strings.Cut(a.Text, "<tbody>")
	table, _, _ = strings.Cut(table, "</tbody>")
	for _, row := range strings.Split(table, "</tr>") {
		cells := strings.Split(row, "</td>")
		if len(cells) < 5 {
			continue
		}
		var words []string
		for _, cell := range cells[1:4] {
			words = append(words, strings.Join(strings.Fields(markup.ReplaceAllString(cell, " ")), " "))
		}
		rows = append(rows, strings.Join(words, " | "))
	}
	return rows
}

func TestAnAuditorFindsWhoReadWhat(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	h.Do(cameron, "GET", "/pols/"+ana[0], "").Want(t, http.StatusOK)
	h.Do(cameron, "GET", "/people/"+other[0], "").Want(t, http.StatusOK)
	h.Do(other, "GET", "/pols/"+ana[0], "").Want(t, http.StatusForbidden)
	h.Do(cameron, "GET", "/people", "").Want(t, http.StatusOK)
	copyLines()
	h.DB.Exec(`UPDATE thalamus_access SET time = time - interval '1 day' WHERE endpoint = 'book' AND status = 200`)

	b := h.SignIn(root)
	doctor := "| " + other[0]
	for query, want := range map[string]int{
		"": 0, "person=" + ana[0]: 3, "person=" + testhub.Small(ana): 3, "account=" + cameron[0]: 3, "account=" + other[0]: 1, "account=NOBODY": 0, "person=NOBODY": 0,
		"person=" + ana[0] + "&from=2100-01-01": 0, "account=" + cameron[0] + "&to=2000-01-01": 0, "from=2026-01-01": 0,
	} {
		if got := found(b.Get(accessPath+"?"+query).Want(t, http.StatusOK)); len(got) != want {
			t.Errorf("%s: found %q", query, got)
		}
	}
	got := found(b.Get(accessPath + "?account=" + cameron[0]))
	if len(got) != 3 || !strings.HasSuffix(got[0], "a list, or everybody") || !strings.HasSuffix(got[1], doctor) || !strings.HasSuffix(got[2], "| "+ana[0]) {
		t.Errorf("the account has read %q", got)
	}
	wantText(t, b.Get(accessPath+"?from=2026-01-01"), "Days alone find nothing")
	wantText(t, b.Get(accessPath+"?person=A&account=B").Want(t, http.StatusUnprocessableEntity), `id="person-wrong">`)
	b.Get(accessPath+"?person=A&from=x").Want(t, http.StatusUnprocessableEntity)
	b.Get(accessPath+"?account=A&after=x").Want(t, http.StatusUnprocessableEntity)
}

func TestFoundAccessesComeInParts(t *testing.T) {
	t.Parallel()
	h, _ := testhub.Indexed(t)
	h.DB.Exec(`SELECT thalamus_access_copy('f', 0, 1, false, jsonb_agg(jsonb_build_object('time', timestamptz '2026-05-31 00:00Z' + n % 7 * interval '1 s',
		'account', 'NODE', 'roles', '[]'::jsonb, 'method', 'GET', 'endpoint', 'person', 'person', 'P' || n, 'everybody', false, 'status', 200))) FROM generate_series(1, 60) AS n`)
	b, path, sizes, seen := h.SignIn(root), accessPath+"?account=node", []int{}, map[string]bool{}
	for path != "" && len(sizes) < 5 {
		a := b.Get(strings.Replace(path, "node", "NODE", 1)).Want(t, http.StatusOK)
		for _, row := range found(a) {
			seen[row] = true
		}
		sizes = append(sizes, len(found(a)))
		path = href(a, "next")
	}
	if diff := cmp.Diff([]int{25, 25, 10}, sizes); diff != "" || len(seen) != 60 {
		t.Errorf("%d are seen: %s", len(seen), diff)
	}
	b.Get(accessPath+"?account=NODE&after="+url.QueryEscape("/w==")).Want(t, http.StatusUnprocessableEntity)
}

// The search takes the grant "access" in a role with "global": one's own readers are elsewhere.
func TestToLookForReadersTakesAGlobalGrant(t *testing.T) {
	t.Parallel()
	h, _ := testhub.Indexed(t)
	h.SetPolicy(policyWith(t, `
		{"role": "auditor", "permissions": {"GET": ["access"], "global": "True"}},
		{"role": "narrow", "permissions": {"GET": ["access", "login"], "global": "False"}}`))
	for _, c := range []struct {
		account []string
		may     bool
	}{{ana, false}, {cameron, false}, {root, true}, {h.Enrol("AUDITOR", "auditor"), true}, {h.Enrol("NARROW", "narrow"), false}, {h.Enrol("NOROLE"), false}} {
		want := map[bool]int{true: http.StatusOK, false: http.StatusForbidden}[c.may]
		b := h.SignIn(c.account)
		for _, query := range []string{"", "?person=" + c.account[0], "?account=" + c.account[0]} {
			b.Get(accessPath+query).Want(t, want)
		}
	}
}

// A search is a read of those whom it finds, and of the one who was asked for.
func TestALookForReadersIsRecorded(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)
	copyLines()
	b := h.SignIn(root)
	b.Get(accessPath+"?account="+cameron[0]).Want(t, http.StatusOK)
	b.Get(accessPath+"?person="+other[0]).Want(t, http.StatusOK)
	copyLines()
	if got := h.DB.Text(`SELECT string_agg(account || ' ' || endpoint || ' ' || array_to_string(persons, '+'), ', ' ORDER BY time) FROM thalamus_access WHERE account = $1`, root[0]); got != root[0]+" access "+ana[0]+", "+root[0]+" access "+other[0] {
		t.Errorf("the record has %s", got)
	}
}

func TestAHubWithoutAnIndexSaysThatNothingCanBeFound(t *testing.T) {
	t.Parallel()
	h, _ := testhub.Recorded(t)
	a := h.SignIn(root).Get(accessPath+"?account="+cameron[0]).Want(t, http.StatusOK)
	wantText(t, a, "does not keep a list")
}
