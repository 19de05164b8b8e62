// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"strings"
	"testing"
)

// Whoever writes a page and goes for a coffee finds it in the form again, and it makes one page.
func TestANewPageOutlastsTheSession(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	shown := b.Get("/portal/new")
	endIdle(h)
	sendForm(b, shown, "kind", "social", "info", typed, "weight", "71,2").Want(t, http.StatusSeeOther)

	b = again(b, ana)
	kept := b.Get("/portal/new").Want(t, http.StatusOK)
	for _, want := range []string{"before your session ended", "71,2 kg, and &lt;b&gt;dizzy</textarea>", `value="71,2"`, `<option value="social" selected>`, `value="2026-05-01T10:11"`, `value="` + hidden(shown)[1] + `"`} {
		if !strings.Contains(kept.Text, want) {
			t.Errorf("the form has no %s: %s", want, kept.Text)
		}
	}
	if others := b.Get("/portal/people/" + ana[0] + "/new").Text; strings.Contains(others, "dizzy") {
		t.Error("another form has it, too")
	}

	page := stored(t, h, ana[0], sendForm(b, kept, "kind", "social", "info", typed))
	wantJSON(t, "id", page["id"], `"`+hidden(shown)[1]+`"`)
	if empty := b.Get("/portal/new").Text; strings.Contains(empty, "dizzy") || strings.Contains(empty, "before your session ended") {
		t.Errorf("it is still there: %s", empty)
	}
}

// A correction is there again with the version that it was made of, so that one which somebody else
// made meanwhile is seen.
func TestACorrectionOutlastsTheSession(t *testing.T) {
	t.Parallel()
	h := newEditHub(t, `[{"hr": 70}]`)
	b := h.SignIn(ana)
	shown := b.Get(editPath)
	endIdle(h)
	edit(b, shown, "info", "mine", "heart_rate", "71").Want(t, http.StatusSeeOther)

	b = again(b, ana)
	kept := b.Get(editPath).Want(t, http.StatusOK)
	if !strings.Contains(kept.Text, "before your session ended") || !strings.Contains(kept.Text, "mine</textarea>") || strings.Contains(kept.Text, "Stored now:") {
		t.Errorf("the form is %s", kept.Text)
	}

	h.Do(cameron, http.MethodPatch, "/pols/"+ana[0]+"/"+editedID, `{"info": "theirs"}`).Want(t, http.StatusOK)
	kept = b.Get(editPath).Want(t, http.StatusOK)
	if !strings.Contains(kept.Text, "mine</textarea>") || !strings.Contains(kept.Text, "Stored now: <bdi>theirs</bdi>") {
		t.Errorf("the form does not show both texts: %s", kept.Text)
	}

	edit(b, kept).Want(t, http.StatusSeeOther)
	changed := page(t, h)
	wantJSON(t, "info", changed["info"], `"mine"`)
	wantJSON(t, "measurements", changed["measurements"], `[{"hr":71}]`)
	if after := b.Get(editPath).Text; strings.Contains(after, "before your session ended") {
		t.Errorf("it is still there: %s", after)
	}
}
