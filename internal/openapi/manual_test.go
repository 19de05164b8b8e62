// SPDX-License-Identifier: GPL-3.0-or-later

package openapi

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The tables of the manual and the schemas tell programmers of the same fields. A password is in
// the table alone, as no reply has it.
func TestTheManualAndTheSchemasHaveTheSameFields(t *testing.T) {
	text, err := os.ReadFile("../manual/resources.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| `(\\w+)` \\| [a-z]")
	for heading, schema := range map[string]Schema{
		"A person": person, "A page of life": page, "A document": documentData, "A domiciliary unit": unit, "An institution": institution,
	} {
		_, table, _ := strings.Cut(string(text), "\n## "+heading+"\n")
		table, _, _ = strings.Cut(table, "\n#")
		want, got := []string{}, slices.Clone(schema.Never)
		for _, found := range row.FindAllStringSubmatch(table, -1) {
			want = append(want, found[1])
		}
		for _, f := range schema.Fields {
			got = append(got, f.Name)
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-manual +schema)\n%s", heading, diff)
		}
	}
}
