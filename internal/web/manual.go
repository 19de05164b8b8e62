// SPDX-License-Identifier: GPL-3.0-or-later

package web

import "html/template"

// ManualPage is a page of the manual.
type ManualPage struct {
	Lang           string // "": that of the frame
	Title, Purpose string
	Contents       []ManualLink
	Body           template.HTML
}

// ManualLink leads to a page of the manual, or to a section of it.
type ManualLink struct {
	Lang    string // "": that of the frame
	To      string // relative
	Text    string
	Purpose string // of a page, or ""
}

// Manual gives a page of the manual.
func (s Site) Manual(page ManualPage) ([]byte, error) {
	return render("manual.html", struct {
		Site Site
		ManualPage
	}{s, page})
}

// ManualIndex is the page that lists the others, and what a search has found.
type ManualIndex struct {
	Search string // "": none
	Found  []ManualLink
	Groups []ManualGroup
}

// ManualGroup is the pages for one kind of readers.
type ManualGroup struct {
	Lang    string // "": that of the frame
	Readers string
	Links   []ManualLink
}

// ManualIndex gives the page that lists the others.
func (s Site) ManualIndex(index ManualIndex) ([]byte, error) {
	return render("manualindex.html", struct {
		Site  Site
		Title string
		ManualIndex
	}{s, "Manual", index})
}
