// SPDX-License-Identifier: GPL-3.0-or-later

// Package web is the few pages that people see in a browser. They need no
// script, no picture and no second request.
package web

import (
	"bytes"
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
	Funcs(template.FuncMap{"style": func() template.CSS { return template.CSS(style) }}). //nolint:gosec // our own style sheet
	ParseFS(files, "*.html"))

// Policy is the Content-Security-Policy of every page: nothing but our own style
// sheet and forms that go to this server, in no frame.
var Policy = strings.Join([]string{
	"default-src 'none'",
	fmt.Sprintf("style-src 'sha256-%s'", digest(style)),
	"img-src data:", // the empty icon, so that none is asked for
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

// Index gives the page at "/", which names paths behind a prefix.
func Index(version, prefix string, endpoints []Endpoint) ([]byte, error) {
	return render("index.html", map[string]any{"Title": "Thalamus", "Version": version, "Prefix": prefix, "Endpoints": endpoints})
}

// PasswordForm gives the form that changes the password of account; problem is
// a sentence about the last try, or "".
func PasswordForm(account, problem string) ([]byte, error) {
	return render("password.html", map[string]any{"Title": "Change password", "Account": account, "Problem": problem})
}

// Problem gives a page with one sentence.
func Problem(title, sentence string) ([]byte, error) {
	return render("problem.html", map[string]any{"Title": title, "Sentence": sentence})
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
