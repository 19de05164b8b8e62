// SPDX-License-Identifier: GPL-3.0-or-later

// Package web is the few pages that people see in a browser. They need no
// script, no picture and no second request.
package web

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
)

//go:embed *.html style.css
var files embed.FS

var style = mustRead("style.css")

var pages = template.Must(template.New("").
	Funcs(template.FuncMap{
		"style": func() template.CSS { return template.CSS(style) }, //nolint:gosec // our own style sheet
		"prose": prose,
	}).
	ParseFS(files, "*.html"))

// Policy is the Content-Security-Policy of every page: nothing but our own style
// sheet, pictures and forms that go to this server, in no frame.
var Policy = strings.Join([]string{
	"default-src 'none'",
	fmt.Sprintf("style-src 'sha256-%s'", digest(style)),
	"img-src 'self' data:", // pictures of the manual; the empty icon, so that none is asked for
	"form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
}, "; ")

// Endpoint is a row of the index page.
type Endpoint struct {
	Path    string
	Methods []string
	About   string
	Queries []Query
}

// Query is what may stand behind the question mark with a method.
type Query struct {
	Method string
	Names  string   // of the parameters, with commas
	Rules  []string // a sentence about each
}

// Site is whose hub it is, as people read it. Both texts are plain, and may be empty.
type Site struct {
	Title   string // of the institution or federation
	Contact string // whom people ask, and how; with line breaks
	Prefix  string // before the paths of this hub
}

// Name is what the hub is called.
func (s Site) Name() string { return cmp.Or(s.Title, "Thalamus") }

// Index is the page at "/".
type Index struct {
	Changed   bool // the reader comes from the form, where a password was changed
	Portal    bool // there are pages to sign in to
	Version   string
	Endpoints []Endpoint
}

// Index gives the page.
func (s Site) Index(page Index) ([]byte, error) {
	return render("index.html", struct {
		Site  Site
		Title string
		Index
	}{s, "", page})
}

// PasswordForm is the form that changes the password of an account.
type PasswordForm struct {
	Account string
	Problem string // a sentence about the last try, or ""
	Least   int    // characters of a new password
}

// PasswordForm gives the form.
func (s Site) PasswordForm(form PasswordForm) ([]byte, error) {
	return render("password.html", struct {
		Site  Site
		Title string
		PasswordForm
	}{s, "Change password", form})
}

// Problem is a page that says why there is no other.
type Problem struct {
	Title, Sentence string
	Wait            string // seconds, after which it may be better; "": nobody knows
	Request         string // its id, if the log has more to say
}

// Problem gives the page.
func (s Site) Problem(problem Problem) ([]byte, error) {
	return render("problem.html", struct {
		Site Site
		Problem
	}{s, problem})
}

func render(name string, data any) ([]byte, error) {
	var page bytes.Buffer
	if err := pages.ExecuteTemplate(&page, name, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return page.Bytes(), nil
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func mustRead(name string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err) // the file is embedded
	}
	return string(text)
}
