// SPDX-License-Identifier: GPL-3.0-or-later

package archtest

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// link is one to a file of the project, or to a section; a URL has a colon.
var link = regexp.MustCompile(`(?:\]\(|src=")([^):#"]*)(?:#([^)"]+))?[)"]`)

func TestTheREADMELinksToWhatIsThere(t *testing.T) {
	found := link.FindAllStringSubmatch(readFile(t, filepath.Join(root, "README.md")), -1)
	if len(found) == 0 {
		t.Error("it has no links")
	}
	for _, one := range found {
		file, section := filepath.Join(root, cmp.Or(one[1], "README.md")), one[2]
		if _, err := os.Stat(file); err != nil {
			t.Error(err)
		}
		if section != "" && !slices.Contains(sections(t, file), section) {
			t.Errorf("there is no section %s in %s", section, file)
		}
	}
}

// sections are the anchors of a page of Markdown, as they are made of its headings.
func sections(t *testing.T, file string) (anchors []string) {
	t.Helper()
	for _, heading := range regexp.MustCompile(`(?m)^##+ (.*)$`).FindAllStringSubmatch(readFile(t, file), -1) {
		plain := regexp.MustCompile(`[^\pL\pN _-]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		anchors = append(anchors, strings.ReplaceAll(plain, " ", "-"))
	}
	return anchors
}

func TestTheREADMELeadsToEveryPageOfTheManual(t *testing.T) {
	readme := readFile(t, filepath.Join(root, "README.md"))
	pages, err := filepath.Glob(filepath.Join(root, "internal/manual/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		if name := "internal/manual/" + filepath.Base(page); !strings.Contains(readme, "("+name+")") {
			t.Errorf("there is no link to %s in it", name)
		}
	}
}

func TestTheManualNamesEveryPackage(t *testing.T) {
	page := readFile(t, filepath.Join(root, "internal/manual/developing.md"))
	for room := range rooms {
		if room != "etc" && !strings.Contains(page, "`"+room+"`") {
			t.Errorf("there is no %s in it", room)
		}
	}
}

func TestTheREADMEHasTwoScreens(t *testing.T) {
	lines := strings.Count(readFile(t, filepath.Join(root, "README.md")), "\n")
	if lines > 150 {
		t.Errorf("it has %d lines", lines)
	}
}
