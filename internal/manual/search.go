// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

// Bounds of a search.
const (
	mostWords = 10
	mostFound = 20
	snippet   = 160 // characters
)

// Hit is a section of a page that has all words of a search.
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
	head, folded    string // title and heading, and everything, in small letters
}

// Search finds the sections that have all of these words, or words that begin so. Those that have them in
// their headings come first, then those that have them more often.
func Search(text string) (found []Hit) {
	words := strings.Fields(strings.ToLower(text))
	words = words[:min(len(words), mostWords)]
	if len(words) == 0 {
		return nil
	}

	var hits []scored
	for _, s := range sections() {
		if score := s.score(words); score > 0 {
			hits = append(hits, scored{s, score})
		}
	}

	slices.SortStableFunc(hits, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	for _, s := range hits[:min(len(hits), mostFound)] {
		found = append(found, Hit{s.topic, s.heading, s.anchor, s.around(words[0])})
	}
	return found
}

// scored is a section that was found.
type scored struct {
	section
	score int
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
	s.head = " " + strings.ToLower(s.topic.Title+" "+s.heading)
	s.folded = s.head + " " + strings.ToLower(s.text)
	return s
}

// score tells how well a section fits; 0: it lacks a word.
func (s section) score(words []string) (sum int) {
	for _, word := range words {
		n := count(s.folded, word)
		if n == 0 {
			return 0
		}
		sum += 100*min(1, count(s.head, word)) + n
	}
	return sum
}

// count tells how many words of a text begin so.
func count(text, word string) (n int) {
	for rest := text; ; n++ {
		i := index(rest, word)
		if i < 0 {
			return n
		}
		rest = rest[i+len(word):]
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
