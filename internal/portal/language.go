// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"sync"

	textlanguage "golang.org/x/text/language"

	"thalamus/internal/gate"
)

//go:embed languages/*.json
var catalogues embed.FS

// offered are the languages of the portal, each with a catalogue. The first one is for
// browsers that ask for none of them.
var offered = []catalogue{mustCatalogue("en"), mustCatalogue("es"), mustCatalogue("fr"), mustCatalogue("ar")}

// catalogue is the texts of a language by their keys. {name} in a text is the place of a value.
type catalogue struct {
	Tag   string // of BCP 47
	texts map[string]string
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

func mustCatalogue(tag string) catalogue {
	text, err := fs.ReadFile(catalogues, "languages/"+tag+".json")
	if err != nil {
		panic(err) // the file is embedded
	}

	c := catalogue{Tag: tag}
	if err := json.Unmarshal(text, &c.texts); err != nil {
		panic(fmt.Errorf("languages/%s.json: %w", tag, err))
	}
	return c
}

// Name is what the language calls itself.
func (c catalogue) Name() string { return c.texts["language.name"] }

// Direction is that of its writing: ltr or rtl.
func (c catalogue) Direction() string { return c.texts["language.direction"] }

// language is a catalogue with the templates that speak it.
type language struct {
	catalogue
	pages map[string]*template.Template
}

// languages are all of them.
type languages struct {
	all     []*language
	matcher textlanguage.Matcher
}

// spoken gives the languages. Their templates are parsed once in a program, for this takes
// longer than all else that a portal does at its start.
var spoken = sync.OnceValue(func() *languages {
	l := &languages{}
	var tags []textlanguage.Tag
	for _, c := range offered {
		one := &language{catalogue: c}
		one.pages = parsePages(one)
		l.all = append(l.all, one)
		tags = append(tags, textlanguage.MustParse(c.Tag))
	}

	l.matcher = textlanguage.NewMatcher(tags)
	return l
})

// of gives the language of a request's reply: the one that the session has chosen, else the one that
// was chosen last at this browser, else the one that the browser asks for.
func (l *languages) of(r *http.Request, c *gate.Caller) *language {
	_, at := textlanguage.MatchStrings(l.matcher, c.WebSession.Language, keptLanguage(r, c), r.Header.Get("Accept-Language"))
	return l.all[at]
}

// languageCookie keeps the language that was chosen for a year, whoever signs in. It holds its tag.
func languageCookie(c *gate.Caller, tag string) *http.Cookie {
	return portalCookie(c, "__Secure-thalamus-language", tag, 365*24*60*60)
}

// keptLanguage gives the language that was chosen last at this browser, or "".
func keptLanguage(r *http.Request, c *gate.Caller) string {
	cookie, err := r.Cookie(languageCookie(c, "").Name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// keepLanguage has the browser keep a language; "" is none.
func keepLanguage(w http.ResponseWriter, c *gate.Caller, tag string) {
	if tag != "" {
		http.SetCookie(w, languageCookie(c, tag))
	}
}

// known gives the tag of a language that is offered, or "".
func (l *languages) known(tag string) string {
	for _, one := range l.all {
		if strings.EqualFold(one.Tag, tag) {
			return one.Tag
		}
	}
	return ""
}

// postLanguage keeps the language that somebody has chosen, and leads back to the page.
func (p accounts) postLanguage(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := readForm(w, r); err != nil {
		return err
	}

	chosen := p.languages.known(r.PostForm.Get("language"))
	if err := p.Store.SpeakSession(r.Context(), c.WebSession.Key, chosen); err != nil {
		return err
	}

	keepLanguage(w, c, chosen)
	seeOther(w, c, readNext(r.PostForm.Get("next")))
	return nil
}
