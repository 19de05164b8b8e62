// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"thalamus/internal/gate"
	"thalamus/internal/web"
)

//go:embed templates/*.html
var templates embed.FS

// shared are the templates that every page is made with.
var shared = []string{"templates/layout.html", "templates/parts.html", "templates/members.html"}

// parsePages parses the templates of all pages for one language, by their names without .html.
func parsePages(l *language) map[string]*template.Template {
	functions := template.FuncMap{"t": l.text, "say": l.say, "plain": l.plain, "date": l.date, "day": l.day, "clock": clock, "moment": l.moment}
	base := template.Must(template.New("").Funcs(functions).ParseFS(templates, shared...))
	files, _ := fs.Glob(templates, "templates/*.html") // the pattern is right

	pages := map[string]*template.Template{}
	for _, file := range files {
		if !slices.Contains(shared, file) {
			name := strings.TrimSuffix(strings.TrimPrefix(file, "templates/"), ".html")
			pages[name] = template.Must(template.Must(base.Clone()).ParseFS(templates, file))
		}
	}
	return pages
}

// view is a page that a handler shows.
type view struct {
	Template string // the file in templates, without .html; it defines "main"
	Title    message
	Data     any  // what the template has as .Data
	Drafted  bool // the form has what Portal.draft gave
	Secret   bool // the path has a secret in it
	Withheld bool // the book that it shows something of is not whole
}

// referrerPolicy keeps the path from other sites; one with a secret from proxies' logs, too. no-referrer
// would make our form's Origin "null".
func (v view) referrerPolicy() string {
	if v.Secret {
		return "strict-origin"
	}
	return "same-origin"
}

// page is what the layout has.
type page struct {
	view
	Site      web.Site
	Language  *language
	Languages []*language
	Account   string // who has signed in; "": nobody
	Here      string // path and query, without the prefix
	Style     string // path of the style sheet
	Done      message
	Links     []link
	About     *about // nil: the page is about nobody else
	Withheld  withheldNotice
	Unseen    []opening // of the caller's own book
}

// Path gives the path of a page of this hub as the browser must write it.
func (p page) Path(path string) string { return p.Site.Prefix + path }

// Help is the page of the manual about the portal, in the language of the page where there is one.
func (p page) Help() string {
	if p.Language.Tag == "es" {
		return "/docs/el-portal"
	}
	return "/docs/portal"
}

// SignInIn gives the path of the sign-in in a language, which leads to the same page afterwards, or the
// path of that page in it where nobody can sign in.
func (p page) SignInIn(tag string) string {
	query := url.Values{"language": {tag}}
	if p.Secret {
		path, _, _ := strings.Cut(p.Here, "?")
		return p.Path(path + "?" + query.Encode())
	}

	asked, err := url.Parse(p.Here)
	if err == nil && asked.Query().Has("next") {
		query.Set("next", readNext(asked.Query().Get("next")))
	}
	return p.Path("/portal/sign-in?" + query.Encode())
}

// policy is the Content-Security-Policy of the pages: our own style sheet and pictures, forms
// that go to this hub, in no frame, and no script.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// bodies are buffers of pages that were sent: one with a chart of years has some hundred KiB.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// reply shows a page. It is rendered as a whole before anything is sent.
func (p *Portal) reply(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, v view) error {
	site := c.Site()
	shown := page{
		view: v, Site: site, Language: p.languages.of(r, c), Languages: p.languages.all, Account: c.Account.ID,
		Here: here(r, c), Style: site.Prefix + p.style.path, Done: takeDone(w, r, c), Links: links(r, c),
	}
	if v.Template != "problem" {
		if err := p.addNotices(w, r, c, &shown); err != nil {
			return err
		}
	}

	body, _ := bodies.Get().(*bytes.Buffer)
	defer bodies.Put(body)
	body.Reset()
	if err := shown.Language.pages[v.Template].ExecuteTemplate(body, "layout", shown); err != nil {
		return fmt.Errorf("render the page %s: %w", v.Template, err)
	}

	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Language", shown.Language.Tag)
	header.Set("Content-Security-Policy", policy)
	header.Set("Referrer-Policy", v.referrerPolicy())
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	gate.Reply(w, status, "text/html; charset=utf-8", body.Bytes())
	return nil
}
