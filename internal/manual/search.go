// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

// Bounds of a search.
const (
	mostFound = 20
	snippet   = 160 // characters
)

// Hit is a section of a page that a search has found.
type Hit struct {
	Topic   Topic
	Heading string // "": before the first one
	Anchor  string
	Snippet string // where the first word stands
}

// section is the text from one heading of a page to the next.
type section struct {
	topic           Topic
	heading, anchor string
	text            string // in one line
	head, folded    string // the heading, before the first one the title; and everything; in small letters
}

// Search finds the sections that have all of these words, or words that begin so; if there are none, those
// that have the most of them. Whole words and those in headings come first.
func Search(text string) (found []Hit) {
	words := meant(text)
	var hits []scored
	most := 1
	for _, s := range sections() {
		hit := s.score(words)
		most = max(most, hit.words)
		hits = append(hits, hit)
	}

	hits = slices.DeleteFunc(hits, func(hit scored) bool { return hit.words < most })
	slices.SortStableFunc(hits, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	for _, hit := range hits[:min(len(hits), mostFound)] {
		found = append(found, Hit{hit.topic, hit.heading, hit.anchor, hit.around(hit.first)})
	}
	return found
}

// sections are those of all pages. They are made once: everybody may search.
var sections = sync.OnceValue(func() (all []section) {
	for _, topic := range Topics() {
		all = append(all, topic.sections()...)
	}
	return all
})

func (t Topic) sections() (parts []section) {
	p := t.parse()
	current := section{topic: t, text: t.Purpose}
	for block := p.root.FirstChild(); block != nil; block = block.NextSibling() {
		h, isHeading := block.(*ast.Heading)
		if !isHeading {
			current.text += " " + strings.Join(p.block(block, 1000), " ")
			continue
		}

		parts = append(parts, current.fold())
		heading, anchor := p.heading(h)
		current = section{topic: t, heading: heading, anchor: anchor}
	}
	return append(parts, current.fold())
}

func (s section) fold() section {
	s.text = strings.Join(strings.Fields(s.text), " ")
	title := strings.ToLower(s.topic.Title)
	s.head = cmp.Or(strings.ToLower(s.heading), title)
	s.folded = title + " " + s.head + " " + strings.ToLower(s.text)
	return s
}

// scored is a section with how many words of a search it has, how well it fits, and the first word that it has.
type scored struct {
	section
	words, score int
	first        string
}

func (s section) score(words [][]string) scored {
	hit := scored{section: s}
	for _, word := range words {
		best := 0
		for _, one := range word {
			fits := s.fits(one)
			if fits > 0 && hit.first == "" {
				hit.first = one
			}
			best = max(best, fits)
		}

		hit.words += min(1, best)
		hit.score += best
	}
	return hit
}

// fits tells how well a section fits a word; 0: it lacks it.
func (s section) fits(word string) int {
	begin, whole := count(s.folded, word)
	inHead, _ := count(s.head, word)
	return min(begin, 40) + 150*min(1, whole) + 100*min(1, inHead)
}

// count tells how many words of a text begin so, and how many of them end there, but for a plural's s.
func count(text, word string) (begin, whole int) {
	for rest := text; ; begin++ {
		i := index(rest, word)
		if i < 0 {
			return begin, whole
		}

		rest = rest[i+len(word):]
		next, _ := utf8.DecodeRuneInString(strings.TrimPrefix(rest, "s"))
		if !unicode.IsLetter(next) && !unicode.IsDigit(next) {
			whole++
		}
	}
}

// index tells where the first word of a text begins that begins so; -1: nowhere.
func index(text, word string) int {
	from := 0
	for {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return -1
		}

		at := from + i
		if at == 0 || strings.ContainsRune(" `(\"/_.-+[{*'", rune(text[at-1])) {
			return at
		}
		from = at + len(word)
	}
}

// around is the part of the text where a word stands first; without it, the beginning.
func (s section) around(word string) string {
	text, lower := []rune(s.text), strings.ToLower(s.text)
	at := utf8.RuneCountInString(lower[:max(0, index(lower, word))])
	begin := max(0, at-snippet/3)
	for begin > 0 && text[begin-1] != ' ' {
		begin--
	}

	end := min(len(text), begin+snippet)
	cut := strings.TrimSpace(string(text[begin:end]))
	if begin > 0 {
		cut = "… " + cut
	}
	if end < len(text) {
		cut += " …"
	}
	return cut
}
