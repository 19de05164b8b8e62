// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"thalamus/internal/testbrowser"
)

// typePasswords fills the form in and sends it, and gives the status of the
// page that is shown then.
func (b tab) typePasswords(password, again string) int {
	b.T.Helper()
	b.Check(chromedp.Do(b,
		chromedp.SendKeys(chromedp.ID("password"), password), chromedp.SendKeys(chromedp.ID("pconfirm"), again)))
	reply, err := chromedp.RunResponse(b, chromedp.Click(chromedp.CSS("button")))
	b.Check(err)
	return int(reply.Status)
}

func TestAPersonChangesHerPasswordInABrowser(t *testing.T) {
	t.Parallel()
	h, b := quickHub(t), openTab(t)
	b.Login(h.URL, other)
	b.Goto(h.URL+"/", http.StatusOK)
	b.Check(chromedp.Do(b, chromedp.SendKeys(chromedp.ID("account"), "fraoth001eus")))
	reply, err := chromedp.RunResponse(b, chromedp.Click(chromedp.CSS("button")))
	b.Check(err)
	if want := h.URL + "/password/fraoth001eus"; reply.URL != want || reply.Status != http.StatusOK {
		t.Errorf("the index leads to %s, %d; want %s", reply.URL, reply.Status, want)
	}
	// The browser gives the focus when it first draws the page, which may be after it is loaded.
	b.Check(chromedp.Do(b, chromedp.WaitReady(chromedp.CSS("[autofocus]:focus"))))
	if focus := eval[string](b, `document.activeElement.labels[0].textContent`); focus != "New password" {
		t.Errorf("what is typed goes to %q", focus)
	}
	for _, c := range []struct{ password, again, problem string }{
		{"a good new one", "another one", "not the same"}, {"short", "short", "at least 8"}, {"password", "password", "most common"},
	} {
		t.Run(c.password, func(t *testing.T) {
			if status := b.typePasswords(c.password, c.again); status != http.StatusUnprocessableEntity {
				t.Errorf("%s: status %d", c.problem, status)
			}
			text, err := chromedp.Run(b, chromedp.Text(chromedp.CSS("[role=alert]")))
			if b.Check(err); !strings.Contains(text, c.problem) {
				t.Errorf("the form says %q, want %q", text, c.problem)
			}
		})
	}
	h.Do(other, http.MethodGet, "/login", "").Want(t, http.StatusOK)

	status := b.typePasswords("a good new one", "a good new one")
	if at := eval[string](b, "location.href"); status != http.StatusOK || at != h.URL+"/" {
		t.Errorf("the browser is at %s, status %d", at, status)
	}
	said, err := chromedp.Run(b, chromedp.Text(chromedp.CSS("[role=status]")))
	if b.Check(err); !strings.Contains(said, "password was changed") || !strings.Contains(said, "phone") {
		t.Errorf("then it says %q", said)
	}
	b.Goto(h.URL+"/", http.StatusOK)
	if eval[bool](b, `document.querySelector("[role=status]") !== null`) {
		t.Error("and says so for ever")
	}
	h.Do(other, http.MethodGet, "/login", "").Want(t, http.StatusUnauthorized)
	h.Do([]string{other[0], "a good new one"}, http.MethodGet, "/login", "").Want(t, http.StatusOK)
}

func TestTheFormOfAnAccountNamedByMarkupShowsItAndWorks(t *testing.T) {
	t.Parallel()
	h, b := quickHub(t), openTab(t)
	const id = `"><img src=x onerror=document.title="ran">&amp;`
	h.DB.Exec(`INSERT INTO people SELECT $1, data FROM people WHERE id = 'FRAOTH001EUS'`, id)
	b.Login(h.URL, root)
	b.Goto(h.URL+"/password/"+url.PathEscape(id), http.StatusOK)
	shown, err := chromedp.Run(b, chromedp.Text(chromedp.CSS("code")))
	if b.Check(err); shown != id {
		t.Errorf("the form shows %q", shown)
	}
	if status := b.typePasswords("a good new one", "a good new one"); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	b.WantQuiet(id)
	h.Do([]string{id, "a good new one"}, http.MethodGet, "/login", "").Want(t, http.StatusOK)
}

// The policy must let the pages' own style through.
func TestThePagesAreShownAsTheyAreMeant(t *testing.T) {
	t.Parallel()
	h, b := quickHub(t), openTab(t)
	complaints := chromedp.Console(b)
	b.Login(h.URL, other)
	for _, path := range []string{"/", "/password/FRAOTH001EUS"} {
		b.Goto(h.URL+path, http.StatusOK)
		if got := eval[string](b, `getComputedStyle(document.querySelector("h1")).fontSize`); got != "28px" {
			t.Errorf("%s: the heading is %s high", path, got)
		}
	}
	eval[any](b, `console.log("the end")`)
	for complaint, err := range complaints {
		if b.Check(err); complaint.Text == "the end" {
			break
		}
		icon := strings.Contains(complaint.Text, "404") // that of /login, which is no page; ours name theirs
		if complaint.Type == "error" && !icon {
			t.Errorf("the browser complains: %s", complaint.Text)
		}
	}
}

func TestNoOtherPageFramesTheForm(t *testing.T) {
	t.Parallel()
	h, b := quickHub(t), openTab(t)
	evil := testbrowser.ServePage(t, `<!DOCTYPE html><iframe src="`+h.URL+`/password/FRAOTH001EUS"></iframe>`)
	b.Login(h.URL, other)
	b.Goto(evil.URL, http.StatusOK)
	tree, err := chromedp.Call(b, page.GetFrameTree, struct{}{})
	b.Check(err)
	for _, child := range tree.FrameTree.ChildFrames {
		if !strings.HasPrefix(child.Frame.URL, "chrome-error:") {
			t.Errorf("framed: %s", child.Frame.URL)
		}
	}
	if len(tree.FrameTree.ChildFrames) != 1 {
		t.Errorf("%d frames", len(tree.FrameTree.ChildFrames))
	}
}
