// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"strings"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

// accounts are the screens of an account: signing in and out, sessions, password, language.
type accounts struct{ *Portal }

// signInForm is the form as it is shown, and as it comes back.
type signInForm struct {
	Account  string
	Next     string // a path of the portal, after the sign-in
	Language string // chosen before it; "": none
	Ended    bool   // there was a session
	Problem  message
	password string
}

// Fields are the inputs of the form. The password is never sent back.
func (f signInForm) Fields() []field {
	return []field{
		{Name: "account", Label: say("sign_in.account"), Hint: say("sign_in.account_hint", "example", "ESPGNU777ORG"), Value: f.Account, Autocomplete: "username", Required: true},
		{Name: "password", Type: "password", Label: say("sign_in.password"), Autocomplete: "current-password", Required: true},
	}
}

// getRoot leads to the home page whoever leaves the last slash out.
func (p accounts) getRoot(w http.ResponseWriter, _ *http.Request, c *gate.Caller) error {
	seeOther(w, c, gate.PortalPath)
	return nil
}

func (p accounts) getSignIn(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	query := r.URL.Query()
	_, known := readSecret(r, c)
	form := signInForm{Next: readNext(query.Get("next")), Language: p.languages.known(query.Get("language")), Ended: known}
	return p.showSignIn(w, r, c, http.StatusOK, form)
}

// showSignIn shows the form. Nothing of an ended session stands there: the next person at
// this browser would read it.
func (p accounts) showSignIn(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, form signInForm) error {
	c.WebSession.Language = form.Language
	return p.reply(w, r, c, status, view{Template: "sign_in", Title: say("sign_in.title"), Data: form})
}

func (p accounts) postSignIn(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := readForm(w, r); err != nil {
		return err
	}

	form := signInForm{
		Account: strings.TrimSpace(r.PostForm.Get("account")), password: r.PostForm.Get("password"),
		Next: readNext(r.PostForm.Get("next")), Language: p.languages.known(r.PostForm.Get("language")),
	}
	s, err := p.begin(r, c, form)
	if err != nil {
		return p.refuseSignIn(w, r, c, form, err)
	}

	if err := p.moveDraft(r, c, s); err != nil {
		return err
	}

	setSecret(w, c, s)
	keepLanguage(w, c, form.Language)
	seeOther(w, c, form.Next)
	return nil
}

// signInProblems are the sentences that the form shows in place of a page about the error.
var signInProblems = map[fed.Kind]string{
	fed.Unauthenticated: "sign_in.wrong",
	fed.TooMany:         "sign_in.too_many",
	fed.Unavailable:     "sign_in.busy",
}

// refuseSignIn shows the form again. The log has the error, as of a login over the API.
func (p accounts) refuseSignIn(w http.ResponseWriter, r *http.Request, c *gate.Caller, form signInForm, err error) error {
	problem, ok := signInProblems[fed.KindOf(err)]
	if !ok {
		return err
	}

	reply := c.Refuse(w, err)
	form.Problem = say(problem, "seconds", max(1, reply.Wait))
	return p.showSignIn(w, r, c, reply.Status, form)
}

// postSignOut ends the session.
func (p accounts) postSignOut(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := p.Store.EndSession(r.Context(), c.WebSession.Key); err != nil {
		return err
	}
	return p.signedOut(w, c)
}

// signedOut has the browser forget its session, and what it has stored of the pages.
func (p accounts) signedOut(w http.ResponseWriter, c *gate.Caller) error {
	deleteSecret(w, c)
	w.Header().Set("Clear-Site-Data", `"cache"`)
	seeDone(w, c, "done.signed_out", "/portal/sign-in")
	return nil
}
