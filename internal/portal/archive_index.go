// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
	"thalamus/internal/web"
)

// archiveStyle is the style of index.html, which stands in it, and archivePolicy its
// Content-Security-Policy: nothing else, wherever the file lies.
var (
	archiveStyle  = mustStyle("archive")
	archivePolicy = func() string {
		sum := sha256.Sum256(archiveStyle)
		return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	}()
)

func mustStyle(name string) []byte {
	body, err := static.ReadFile("static/" + name + ".css")
	if err != nil {
		panic(err) // the file is embedded
	}
	return body
}

// archiveHead is what index.html begins with.
type archiveHead struct {
	Language  *language
	Title     message
	Site      web.Site
	Policy    string
	Style     template.CSS
	Begun     time.Time
	Missing   []message
	Members   []member
	Documents []archivedDocument
	Book      bool
	Access    bool
}

// archivePage is a page of life in index.html.
type archivePage struct {
	shownPage
	Title message
}

// archiveAccess is an access in index.html, with the ids by which the other files name what was read.
type archiveAccess struct {
	Entry          accessEntry
	Page, Document string
}

// writeIndex writes index.html: the person, the documents, the book, and who has read it. The
// book is read again for it; a page of the last seconds may be in one of both only.
func (a *archive) writeIndex() error {
	file, err := a.create("index.html")
	if err != nil {
		return err
	}

	head := archiveHead{
		Language: a.language, Title: say("archive.title", "account", a.c.Subject), Site: a.c.Site(), Policy: archivePolicy, Style: template.CSS(archiveStyle), //nolint:gosec // our own style sheet
		Begun: a.begun, Missing: a.missing, Members: personMembers(a.person), Documents: a.documents,
		Book: a.allows(access.Book), Access: a.allows(access.Access) && a.c.AccessIndexed(),
	}
	if err := a.render(file, "archive_head", head); err != nil {
		return err
	}

	if err := a.writeIndexPages(file, head.Book); err != nil {
		return err
	}
	return a.writeIndexAccesses(file, head)
}

func (a *archive) writeIndexPages(file io.Writer, allowed bool) error {
	if !allowed {
		return nil
	}

	err := a.store.EachPageOf(a.ctx, a.book(), store.Keyset[store.BookKey]{}, a.pieces, func(page fed.Record) error {
		own := bytes.Clone(page)
		return a.pieces.Keep(func() error {
			shown, title := newShownPage(own, technicalMembers...)
			return a.render(file, "archive_page", archivePage{shown, title})
		})
	})
	if err != nil {
		return err
	}
	return a.pieces.Write()
}

func (a *archive) writeIndexAccesses(file io.Writer, head archiveHead) error {
	if err := a.render(file, "archive_accesses", head); err != nil {
		return err
	}
	if head.Access {
		err := a.store.Accesses(a.ctx, a.accesses(), store.Keyset[store.AccessKey]{}, a.pieces, func(e store.Access) error {
			shown := archiveAccess{newAccessEntry(e, nil, false), e.Page, e.Document}
			return a.pieces.Keep(func() error { return a.render(file, "archive_access", shown) })
		})
		if err != nil {
			return err
		}
		if err := a.pieces.Write(); err != nil {
			return err
		}
	}
	return a.render(file, "archive_foot", head)
}

func (a *archive) render(to io.Writer, name string, data any) error {
	return a.language.pages["archive"].ExecuteTemplate(to, name, data)
}

// technicalMembers say nothing to people, or nothing that does not stand elsewhere in index.html. The
// files beside it have them.
var technicalMembers = []string{"id", "_id", "book", "page", "fsynced", "author_acct", "active", "deceased", "creation_info", "modification_info"}

// personMembers shows what a person's members say to people, in their own order.
func personMembers(person fed.Record) (shown []member) {
	_ = record.Members(person, func(key, value []byte) {
		one := newMember(label{Text: string(key)}, value)
		name, isNamed := personNames[string(key)]
		if isNamed {
			one.Name = label{Name: say(name)}
		}
		if len(one.Lines) > 0 && (isNamed || !slices.Contains(technicalMembers, string(key))) {
			shown = append(shown, one)
		}
	}) // it is an object
	return shown
}

// personNames are the names of the members that persons have everywhere.
var personNames = map[string]string{
	"id": "person.id", "name": "person.name", "lastname": "person.lastname", "dob": "person.born", "gender": "person.gender", "roles": "person.roles",
	"marital_status": "person.marital_status", "education": "person.education", "profession": "person.profession", "ethnicity": "person.ethnicity",
	"du": "person.household", "dod": "person.died",
}
