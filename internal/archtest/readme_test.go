// SPDX-License-Identifier: GPL-3.0-or-later

package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// link is one to a file of the project: a URL has a colon, a place in the README a number sign.
var link = regexp.MustCompile(`(?:\]\(|src=")([^):#"]+)[)#"]`)

func TestTheREADMELinksToFilesThatAreThere(t *testing.T) {
	found := link.FindAllStringSubmatch(readFile(t, filepath.Join(root, "README.md")), -1)
	if len(found) == 0 {
		t.Error("it has no links")
	}
	for _, one := range found {
		if _, err := os.Stat(filepath.Join(root, one[1])); err != nil {
			t.Error(err)
		}
	}
}

func TestTheREADMENamesEveryPackage(t *testing.T) {
	readme := readFile(t, filepath.Join(root, "README.md"))
	for room := range rooms {
		if room != "etc" && !strings.Contains(readme, "`"+room+"`") {
			t.Errorf("there is no %s in it", room)
		}
	}
}
