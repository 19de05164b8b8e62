// SPDX-License-Identifier: GPL-3.0-or-later

package access

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// What is copied from the manual is read, and has no endpoint that is unknown.
func TestTheRolesOfTheManualAreRead(t *testing.T) {
	page, err := os.ReadFile("../manual/roles.md")
	if err != nil {
		t.Fatal(err)
	}
	files := regexp.MustCompile("(?ms)^```json\n(.*?)^```$").FindAllStringSubmatch(string(page), -1)
	if len(files) == 0 {
		t.Error("there are no roles in it")
	}
	for _, file := range files {
		_, warnings, err := Parse([]byte(file[1]))
		if err != nil {
			t.Errorf("%v: %s", err, file[1])
		}
		for _, warning := range warnings {
			if !strings.Contains(warning, `no global role has "roles" under PATCH`) {
				t.Errorf("%s: %s", warning, file[1])
			}
		}
	}
}
