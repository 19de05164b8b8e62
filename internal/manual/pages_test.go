// SPDX-License-Identifier: GPL-3.0-or-later

package manual

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark/ast"
)

func TestEveryPageIsATopic(t *testing.T) {
	t.Parallel()
	found, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, file := range found {
		want = append(want, strings.TrimSuffix(file, ".md"))
	}
	slices.Sort(want)
	var got []string
	for _, topic := range Topics() {
		got = append(got, topic.Name)
	}
	if diff := cmp.Diff(want, slices.Sorted(slices.Values(got))); diff != "" {
		t.Errorf("(-files +topics)\n%s", diff)
	}
}

// Lists of topics, man pages among them, show the purpose behind the name.
func TestAPageBeginsWithItsTitleAndItsPurpose(t *testing.T) {
	t.Parallel()
	phrase := regexp.MustCompile(`^[a-z][^\n]{1,48}[^.\n]$`)
	for _, topic := range Topics() {
		if topic.Title == "" || strings.HasPrefix(topic.Title, "#") || !phrase.MatchString(topic.Purpose) || topic.Body == "" {
			t.Errorf("%s: title %q, purpose %q", topic.Name, topic.Title, topic.Purpose)
		}
	}
}

// places are the anchors of every page, behind its name.
func places() map[string]bool {
	found := map[string]bool{}
	for _, topic := range Topics() {
		found[topic.Name+"#"] = true
		p := topic.parse()
		for _, h := range all[*ast.Heading](p.root) {
			_, anchor := p.heading(h)
			found[topic.Name+"#"+anchor] = true
		}
	}
	return found
}

func TestEveryLinkLeadsToAPlaceInTheManualOrOut(t *testing.T) {
	t.Parallel()
	there := places()
	for _, topic := range Topics() {
		for _, link := range all[*ast.Link](topic.parse().root) {
			to := string(link.Destination)
			name, anchor := target(link)
			if within, ok := strings.CutPrefix(to, "#"); ok {
				name, anchor = topic.Name, within
			}
			if !strings.HasPrefix(to, "https://") && !there[name+"#"+anchor] {
				t.Errorf("%s: %s leads nowhere", topic.Name, to)
			}
		}
	}
}

// A picture lies beside its page, says what it shows, and has no other name than browsers are given.
func TestEveryPictureIsThere(t *testing.T) {
	t.Parallel()
	shown := 0
	for _, topic := range Topics() {
		p := topic.parse()
		for _, image := range all[*ast.Image](p.root) {
			shown++
			name := string(image.Destination)
			content, err := files.ReadFile(name)
			if err != nil || !strings.HasSuffix(name, picture) || !strings.HasPrefix(string(content), "\x89PNG") || p.plain(image) == "" {
				t.Errorf("%s: the picture %s is %v, and says %q", topic.Name, name, err, p.plain(image))
			}
		}
	}
	if there, _ := filepath.Glob("*" + picture); len(there) != shown || shown == 0 {
		t.Errorf("%d pictures are shown, of %q", shown, there)
	}
}

// A terminal and a man page say that there is a picture.
func TestAPictureIsToldOfWhereItCannotBeShown(t *testing.T) {
	t.Parallel()
	topic := Topic{Name: "sample", Title: "Title", Purpose: "the purpose", Body: "![A list](sample-list.png)\n"}
	if text := topic.Text(80); !strings.Contains(text, "\n(picture: A list)\n") {
		t.Errorf("a terminal shows %q", text)
	}
	if page := topic.ManPage(); !strings.Contains(page, "\n(picture: A list)\n") {
		t.Errorf("a man page has %q", page)
	}
	if page := topic.page(); !strings.Contains(string(page.Body), `<img src="sample-list.png" alt="A list">`) {
		t.Errorf("a browser is given %s", page.Body)
	}
}

// The whole program of a page is in blocks marked sh or host, which are run.
func TestEveryBlockOfCodeSaysWhatItIs(t *testing.T) {
	t.Parallel()
	command := regexp.MustCompile(`(?m)^(\$ |(curl|http|thalamus|psql|systemctl) )`)
	for _, topic := range Topics() {
		p := topic.parse()
		for _, block := range all[*ast.FencedCodeBlock](p.root) {
			language, code := string(block.Language(p.source)), strings.Join(p.lines(block), "\n")
			switch {
			case !slices.Contains([]string{"sh", "host", "python", "javascript", "json", "text"}, language):
				t.Errorf("%s: a block is %q:\n%s", topic.Name, language, code)
			case language == "json" && !json.Valid([]byte(code)):
				t.Errorf("%s: it is no JSON:\n%s", topic.Name, code)
			case language != "sh" && language != "host" && command.MatchString(code):
				t.Errorf("%s: a command is in a block that is %q:\n%s", topic.Name, language, code)
			}
		}
	}
}

// Other marks would be lost, or run, in a browser, on a terminal or in a man page.
func TestPagesHaveNoMarksThatAFormDoesNotKnow(t *testing.T) {
	t.Parallel()
	known := []string{
		"Document", "Heading", "Paragraph", "TextBlock", "List", "ListItem", "FencedCodeBlock", "Table", "TableHeader", "TableRow", "TableCell",
		"Text", "CodeSpan", "Emphasis", "Link", "AutoLink", "Image",
	}
	for _, topic := range Topics() {
		p := topic.parse()
		for _, node := range all[ast.Node](p.root) {
			if !slices.Contains(known, node.Kind().String()) {
				t.Errorf("%s has a %s", topic.Name, node.Kind())
			}
		}
		for _, h := range all[*ast.Heading](p.root) {
			if h.Level != 2 && h.Level != 3 {
				t.Errorf("%s: the level of %s is %d", topic.Name, p.plain(h), h.Level)
			}
		}
	}
}
