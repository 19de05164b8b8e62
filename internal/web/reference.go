// SPDX-License-Identifier: GPL-3.0-or-later

package web

import (
	"html/template"
	"strings"
)

// Reference is the page that shows the API to people: every operation, and every schema.
type Reference struct {
	Groups  []ReferenceGroup
	Errors  []ReferenceReply
	Schemas []ReferenceSchema
}

// ReferenceGroup is the operations of a topic.
type ReferenceGroup struct {
	ID, Name, About string
	Operations      []ReferenceOperation
}

// ReferenceOperation is a method of a path.
type ReferenceOperation struct {
	ID, Method, Path string
	Summary, About   string
	Endpoint         string // that roles.cfg must grant; "": nobody needs to log in
	Parameters       []ReferenceField
	Body             *ReferenceReply // of the request
	Replies          []ReferenceReply
	Errors           []ReferenceReply
	Options, Example string // of curl, before the address, and the path there
}

// ReferenceField is a parameter, or a key of an object.
type ReferenceField struct {
	Name, Kind, About string // Kind is its type, or where a parameter stands
	Schema            string // a link, or ""
	Marks             string // whether it may be absent, and the like
	Example           string
}

// ReferenceReply is a body with its status.
type ReferenceReply struct {
	Status  int // 0: it is a request's
	Code    string
	About   string
	Headers string // with commas
	Bodies  []ReferenceBody
}

// ReferenceBody is a body in a media type.
type ReferenceBody struct{ MediaType, Shape, Schema, Example string }

// ReferenceSchema is a kind of objects.
type ReferenceSchema struct {
	Name, About string
	Open        bool // with any other keys
	Fields      []ReferenceField
}

// prose is a text with words of code between backquotes.
func prose(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		part = template.HTMLEscapeString(part)
		if i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		b.WriteString(part)
	}
	return template.HTML(b.String()) //nolint:gosec // every part is escaped
}

// Reference gives the page.
func (s Site) Reference(page Reference) ([]byte, error) {
	return render("reference.html", struct {
		Site  Site
		Title string
		Reference
	}{s, "Operations of the API", page})
}
