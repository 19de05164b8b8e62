// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/portal"
	"thalamus/internal/testhub"
)

func noteHub(t *testing.T) *testhub.Hub {
	t.Helper()
	return quickHub(t, func(o *testhub.Options) { o.Pages = portal.NoteRows })
}

// endIdle lets all sessions end by themselves.
func endIdle(h *testhub.Hub) {
	h.DB.Exec(`UPDATE thalamus_session SET seen = now() - interval '31 minutes'`)
}

// again signs an account in, in the same browser.
func again(b testhub.Browser, account []string) testhub.Browser {
	reply := b.Post("/portal/sign-in", "account", account[0], "password", account[1])
	b.Cookie, _, _ = strings.Cut(reply.Header.Get("Set-Cookie"), ";")
	return b
}

const typed = "71,2 kg, and <b>dizzy"

// wantNote fails the test unless the form has what was typed, or not.
func wantNote(t *testing.T, b testhub.Browser, want bool) {
	t.Helper()
	form := b.Get("/portal/note").Want(t, http.StatusOK).Text
	if got := strings.Contains(form, `value="71,2 kg, and &lt;b&gt;dizzy"`) && strings.Contains(form, "before your session ended"); got != want {
		t.Errorf("the form has what was typed: %v, want %v: %s", got, want, form)
	}
}

func TestWhatWasTypedOutlastsTheSession(t *testing.T) {
	t.Parallel()
	h := noteHub(t)
	b := h.SignIn(ana)
	endIdle(h)
	refused := b.Post("/portal/note", "text", typed).Want(t, http.StatusSeeOther)
	if want := "/portal/sign-in?next=%2Fportal%2Fnote"; refused.Lead() != want {
		t.Errorf("it leads to %s, want %s", refused.Lead(), want)
	}
	signIn := h.DoWith(nil, "GET", refused.Lead(), "", "Cookie", b.Cookie+"; __Secure-thalamus-done=done.draft_kept").Want(t, http.StatusOK)
	if strings.Contains(signIn.Text, "71,2") || !strings.Contains(signIn.Text, "kept for an hour") {
		t.Errorf("the sign-in says %s", signIn.Text)
	}

	b = again(b, ana)
	wantNote(t, b, true)
	wantNote(t, b, true) // a page that is loaded again
	if other := b.Get("/portal/another").Want(t, http.StatusOK).Text; strings.Contains(other, "71,2") {
		t.Error("another form has it, too")
	}
	b.Post("/portal/note", "text", "71,2 kg").Want(t, http.StatusSeeOther)
	wantNote(t, b, false)
}

// The next person at the browser, and others who sign in as the same one elsewhere, see nothing.
func TestWhatWasTypedIsForItsAccountInItsBrowser(t *testing.T) {
	t.Parallel()
	h := noteHub(t)
	b := h.SignIn(ana)
	endIdle(h)
	b.Post("/portal/note", "text", typed)
	wantNote(t, h.SignIn(ana), false)
	stranger := again(b, other)
	wantNote(t, stranger, false)
	wantNote(t, again(stranger, ana), false)
}

func TestWhatWasTypedIsKeptForAnHour(t *testing.T) {
	t.Parallel()
	h := noteHub(t)
	b := h.SignIn(ana)
	endIdle(h)
	b.Post("/portal/note", "text", typed)
	h.DB.Exec(`UPDATE thalamus_session SET drafted = now() - interval '61 minutes'`)
	wantNote(t, again(b, ana), false)
}

// What cannot be kept ends at the sign-in, as any request without a session.
func TestWhatCannotBeKeptLeadsToTheSignIn(t *testing.T) {
	t.Parallel()
	h := noteHub(t)
	signedOut := h.SignIn(ana)
	signedOut.Post("/portal/sign-out")
	idle := h.SignIn(ana)
	endIdle(h)
	for name, reply := range map[string]testhub.Answer{
		"signed out": signedOut.Post("/portal/note", "text", typed), "nobody": h.SignIn(nobody).Post("/portal/note", "text", typed),
		"too large": idle.Post("/portal/note", "text", strings.Repeat("x", 300_000)), "broken": idle.Do("POST", "/portal/note", "%zz"),
		"with a file": upload(t, idle, "/portal/note", "a.png", typed), "empty": idle.Post("/portal/note"), "another form": idle.Post("/portal/password", "old", typed),
	} {
		if lead := reply.Want(t, http.StatusSeeOther).Lead(); lead != "/portal/sign-in?next=%2Fportal%2F" {
			t.Errorf("%s leads to %s", name, lead)
		}
	}
	if kept := h.DB.Text(`SELECT count(*)::text FROM thalamus_session WHERE draft IS NOT NULL`); kept != "0" {
		t.Errorf("%s were kept", kept)
	}
}
