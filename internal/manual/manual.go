// SPDX-License-Identifier: GPL-3.0-or-later

// Package manual is the manual: pages of Markdown, one for each topic, shown in browsers, on
// terminals and as man pages.
//
// A page begins with its title, and a phrase that says what it tells. A link to another page
// names its file, as in [roles](roles.md#the-file), so that it leads there in the sources, too. A picture,
// ![what it shows](page-what.png), is shown in browsers; elsewhere its text says that there is one.
// Blocks of code say what they are: a test runs those marked sh, on the demo federation. Those marked host
// change a machine, and are run on a clean Debian.
package manual

import (
	"embed"
	"strings"
	"sync"
)

//go:embed *.md *.png
var files embed.FS

// picture is the end of the name of a picture, which lies beside the pages and is found beside them.
const picture = ".png"

// groups are the topics, in the order in which they are listed.
var groups = []struct {
	readers, lang string
	names         []string
}{
	{"To begin with", english, []string{"install", "first-day", "accounts", "roles"}},
	{"For people", english, []string{"portal", "patients", "professionals", "incomplete-books", "administrators", "privacy-officer"}},
	{"For those who run a hub", english, []string{
		"configuration", "proxies", "operating", "high-availability", "backups", "metrics", "access-record", "consent", "who-sees-all", "history", "search", "security", "performance", "growth", "takeover", "changes",
	}},
	{"For programmers", english, []string{"api-guide", "resources", "change-feed", "python-client", "fhir", "fhir-export", "developing"}},
	{"En español", "es", []string{"bienvenida", "primer-dia", "el-portal", "pacientes", "profesionales", "administracion"}},
}

// english is the language of the frame of every page, which nobody has to be told.
const english = ""

// Group is the topics for one kind of readers.
type Group struct {
	Readers string
	Topics  []Topic
}

// Topic is a page of the manual.
type Topic struct {
	Name    string // in paths and on command lines
	Lang    string // "": English
	Title   string
	Purpose string // a phrase
	Body    string // Markdown, below the two
}

// Groups gives all topics, by their readers. They are read once: everybody may ask for them.
var Groups = sync.OnceValue(func() (all []Group) {
	for _, group := range groups {
		one := Group{Readers: group.readers}
		for _, name := range group.names {
			topic := read(name)
			topic.Lang = group.lang
			one.Topics = append(one.Topics, topic)
		}
		all = append(all, one)
	}
	return all
})

// Topics gives all topics.
func Topics() (all []Topic) {
	for _, group := range Groups() {
		all = append(all, group.Topics...)
	}
	return all
}

// Find gives the topic of a name.
func Find(name string) (found Topic, ok bool) {
	for _, topic := range Topics() {
		if topic.Name == name {
			return topic, true
		}
	}
	return found, false
}

func read(name string) Topic {
	text, err := files.ReadFile(name + ".md")
	if err != nil {
		panic(err) // the file is embedded
	}

	title, rest, _ := strings.Cut(string(text), "\n\n")
	purpose, body, _ := strings.Cut(rest, "\n\n")
	return Topic{Name: name, Title: strings.TrimPrefix(title, "# "), Purpose: purpose, Body: body}
}
