// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

const followersPath = "/portal/admin/followers"

// follow has accounts follow the feed: one has read all, one of the past hour's changes none, one of those
// before that none, and one has not come for two days.
func follow(h *testhub.Hub) {
	h.T.Helper()
	for _, id := range []string{"NODE1", "NODE2", "NODE3", "NODE4", "CLOSED"} {
		h.Enrol(id, "health_professional")
	}
	publish(h)
	h.DB.Exec(`UPDATE people SET data = data || '{"active": false}' WHERE id = 'CLOSED'`)
	h.DB.Exec(`UPDATE thalamus_changes AS c SET time = now() - interval '1 hour' + CASE WHEN f.position > 2 THEN interval '1 minute' ELSE - interval '1 minute' END
		FROM thalamus_feed AS f WHERE f.seq = c.seq`)
	h.DB.Exec(`INSERT INTO thalamus_followers SELECT 'NODE1', position, now() - interval '23 hours 59 minutes' FROM thalamus_feed_state`)
	h.DB.Exec(`INSERT INTO thalamus_followers VALUES ('NODE2', 2, now()), ('NODE3', 1, now() - interval '1 minute'), ('NODE4', 2, now() - interval '2 days'), ('CLOSED', 0, now())`)
}

func TestFollowersAreShownWithTheirLagAndSilence(t *testing.T) {
	t.Parallel()
	h, record := testhub.Recorded(t)
	b := h.SignIn(root)
	wantText(t, b.Get(followersPath).Want(t, http.StatusOK), "Nobody follows the feed.")
	follow(h)
	record.Take()
	a := b.Get(followersPath).Want(t, http.StatusOK)
	_, table, _ := strings.Cut(a.Text, "<tbody>")
	rows := strings.Split(table, "</tr>")
	waiting := h.DB.Text(`SELECT (position - 2)::text FROM thalamus_feed_state`)
	for i, want := range []string{"NODE4 silent " + waiting, "NODE1 reads none", "NODE3 behind", "NODE2 reads " + waiting} {
		words := strings.Fields(markup.ReplaceAllString(rows[i], " "))
		got := strings.Join(words, " ")
		for word := range strings.FieldsSeq(want) {
			if !strings.Contains(" "+got+" ", " "+word+" ") {
				t.Errorf("row %d is %q, want %q", i, got, want)
			}
		}
	}
	if strings.Contains(a.Text, "CLOSED") {
		t.Error("a disabled account is a follower")
	}
	if got := record.Persons(t); got != `["NODE1","NODE2","NODE3","NODE4"]` {
		t.Errorf("the access record has %s", got)
	}
}

// To look takes a role that reads the changes of everybody. The way there is for those who look after accounts.
func TestFollowersTakeAGrantThatReachesEverybody(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.SetPolicy(policyWith(t, `{"role": "feed", "permissions": {"GET": ["login", "changes"], "global": "True"}},
		{"role": "keeper", "permissions": {"GET": ["login"], "PATCH": ["roles"], "global": "True"}}`))
	for role, want := range map[string]struct {
		status int
		led    bool
	}{
		"end_user": {http.StatusForbidden, false}, "health_professional": {http.StatusOK, false}, "root": {http.StatusOK, true},
		"feed": {http.StatusOK, false}, "keeper": {http.StatusForbidden, false}, "feed keeper": {http.StatusOK, true}, "": {http.StatusForbidden, false},
	} {
		b := h.SignIn(h.Enrol("WITH"+strings.ToUpper(strings.Join(strings.Fields(role), "")), strings.Fields(role)...))
		if got := b.Get(followersPath).StatusCode; got != want.status {
			t.Errorf("%q: status %d, want %d", role, got, want.status)
		}
		if led := strings.Contains(b.Get("/portal/sessions").Text, `href="`+followersPath+`"`); led != want.led {
			t.Errorf("%q is led there: %t", role, led)
		}
	}
}
