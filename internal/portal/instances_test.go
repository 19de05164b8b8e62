// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

// second is another instance on the database of a hub, or the same one after a restart.
func second(t *testing.T, h *testhub.Hub) *testhub.Hub {
	t.Helper()
	return testhub.Serve(t, h.DB, "../../etc/roles.cfg", testhub.Cheap)
}

// at is the same browser at another instance.
func at(h *testhub.Hub, b testhub.Browser) testhub.Browser {
	return testhub.Browser{Hub: h, Cookie: b.Cookie}
}

func TestASessionIsOfAllInstances(t *testing.T) {
	t.Parallel()
	one := quickHub(t)
	two := second(t, one)
	b := one.SignIn(ana)
	at(two, b).Get("/portal/").Want(t, http.StatusOK)
	at(two, b).Post("/portal/sign-out").Want(t, http.StatusSeeOther)
	b.Get("/portal/").Want(t, http.StatusSeeOther)
}

func TestARestartKeepsSessions(t *testing.T) {
	t.Parallel()
	one := quickHub(t)
	b := one.SignIn(ana)
	one.Close()
	at(second(t, one), b).Get("/portal/").Want(t, http.StatusOK)
}

// What happens to an account at one instance counts at the others with the next request.
func TestASessionEndsOnTheOtherInstanceAtOnce(t *testing.T) {
	t.Parallel()
	one := quickHub(t)
	two := second(t, one)
	for _, patch := range []string{`{"password": "une tortue verte"}`, `{"active": false}`} {
		b := one.SignIn(other)
		b.Get("/portal/").Want(t, http.StatusOK)
		two.Do(root, "PATCH", "/people/"+other[0], patch).Want(t, http.StatusOK)
		b.Get("/portal/").Want(t, http.StatusSeeOther)
		one.DB.Exec(`UPDATE people SET data = data || jsonb_build_object('active', true, 'password', $2::text) WHERE id = $1`, other[0], testhub.QuickHash(t, other[1]))
	}
}

// A dump of the database, with a session, an ended one and what was typed in it, has no password, no
// cookie, and nothing of the form.
func TestADumpHasNoSecret(t *testing.T) {
	t.Parallel()
	h := noteHub(t)
	ended := h.SignIn(ana)
	endIdle(h)
	ended.Post("/portal/note", "text", typed).Want(t, http.StatusSeeOther)
	going := h.SignIn(ana)
	going.Post("/portal/password", "old", ana[1], "password", better, "again", better).Want(t, http.StatusSeeOther)

	dump, err := exec.CommandContext(t.Context(), testdb.Program(t, h.DB.URL, "pg_dump"), h.DB.URL).Output()
	if err != nil || !strings.Contains(string(dump), "COPY public.thalamus_session") {
		t.Fatalf("%v: %.300s", err, dump)
	}
	for _, b := range []testhub.Browser{ended, going} {
		_, secret, _ := strings.Cut(b.Cookie, "=")
		for _, text := range []string{secret, hexOf(t, secret)} {
			if strings.Contains(string(dump), text) {
				t.Error("the dump has a cookie")
			}
		}
	}
	for _, text := range []string{ana[1], better, "71,2 kg"} {
		if strings.Contains(string(dump), text) {
			t.Errorf("the dump has %q", text)
		}
	}
}
