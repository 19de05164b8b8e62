// SPDX-License-Identifier: GPL-3.0-or-later

package manual_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/manual"
	"thalamus/internal/testhub"
)

// section is the part of a page below a heading.
func section(t *testing.T, topic, heading string) string {
	t.Helper()
	page, _ := manual.Find(topic)
	_, text, found := strings.Cut("\n"+page.Body, "\n"+heading+"\n")
	if !found {
		t.Fatalf("%s has no %q", topic, heading)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	text, _, _ = strings.Cut(text, "\n### ")
	return text
}

// table is the rows of the table in a section, without the marks of code around whole cells.
func table(t *testing.T, topic, heading string) (rows [][]string) {
	t.Helper()
	for line := range strings.Lines(section(t, topic, heading)) {
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		cells := strings.Split(strings.TrimSpace(line), "|")
		cells = cells[1 : len(cells)-1]
		for i := range cells {
			cells[i] = strings.Trim(cells[i], " `")
		}
		rows = append(rows, cells)
	}
	return rows[1:]
}

// field is a row of a table of fields.
type field struct{ name, kind, example, senders, hub string }

// resourceHeadings are the sections of the fields, with the demo's records of the same.
var resourceHeadings = map[string]string{
	"## A person": "people", "## A page of life": "pages", "## A document": "documents",
	"## A domiciliary unit": "units", "## An institution": "institutions",
}

func fields(t *testing.T, heading string) (all []field) {
	t.Helper()
	for _, row := range table(t, "resources", heading) {
		all = append(all, field{row[0], row[1], row[2], row[3], row[4]})
	}
	return all
}

// namesWhere gives the names of fields for which a condition holds.
func namesWhere(all []field, holds func(field) bool) (names []string) {
	for _, f := range all {
		if holds(f) {
			names = append(names, f.name)
		}
	}
	slices.Sort(names)
	return names
}

func sentBy(sender string) func(field) bool {
	return func(f field) bool { return slices.Contains(strings.Split(f.senders, ", "), sender) }
}

func isFilter(f field) bool { return strings.HasPrefix(f.hub, "filter") }

// The examples of clients are of the types that the tables name.
func TestExamplesOfFieldsAreOfTheirType(t *testing.T) {
	t.Parallel()
	forms := map[string]*regexp.Regexp{
		"text": regexp.MustCompile(`^".*"$`), "true or false": regexp.MustCompile(`^(true|false)$`), "number": regexp.MustCompile(`^-?[0-9.]+$`),
		"object": regexp.MustCompile(`^\{.*\}$`), "list": regexp.MustCompile(`^\[.*\]$`),
		"list of texts": regexp.MustCompile(`^\[".*"\]$`), "list of objects": regexp.MustCompile(`^\[\{.*\}\]$`),
		"null": regexp.MustCompile(`^null$`),
	}
	senders := []string{"phone", "HMIS", "portal", "others"}
	for heading := range resourceHeadings {
		for _, f := range fields(t, heading) {
			isForm := func(name string) bool { return forms[name] != nil && forms[name].MatchString(f.example) }
			kinds := strings.Split(strings.ReplaceAll(f.kind, " or null", ", null"), ", ")
			if !json.Valid([]byte(f.example)) || !slices.ContainsFunc(kinds, isForm) {
				t.Errorf("%s: %s is %q: %s", heading, f.name, f.kind, f.example)
			}
			for _, sender := range strings.Split(f.senders, ", ") {
				if !slices.Contains(senders, sender) {
					t.Errorf("%s: %s is sent by %q", heading, f.name, sender)
				}
			}
		}
	}
}

// demoRecords are those of the demo federation, which has them as the clients send them.
func demoRecords(t *testing.T, name string) (records []map[string]any) {
	t.Helper()
	text, err := os.ReadFile("../demo/data/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &records); err != nil {
		t.Fatal(err)
	}
	return records
}

func keysOf(records []map[string]any) (keys []string) {
	for _, r := range records {
		for key := range r {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func TestTheTablesHaveEveryFieldThatTheDemoHas(t *testing.T) {
	t.Parallel()
	for heading, name := range resourceHeadings {
		named := namesWhere(fields(t, heading), func(field) bool { return true })
		for _, key := range keysOf(demoRecords(t, name)) {
			if !slices.Contains(named, key) {
				t.Errorf("%s: there is no %s", heading, key)
			}
		}
		if unique := slices.Compact(slices.Clone(named)); len(unique) != len(named) {
			t.Errorf("%s: a field is there twice: %q", heading, named)
		}
	}
}

func TestPagesHaveTheFieldsThatPhonesAndHospitalsSend(t *testing.T) {
	t.Parallel()
	bySender := map[string][]map[string]any{}
	for _, page := range demoRecords(t, "pages") {
		sender := "HMIS"
		if page["node"] == "mygnuhealth" {
			sender = "phone"
		}
		bySender[sender] = append(bySender[sender], page)
	}
	for sender, pages := range bySender {
		if diff := cmp.Diff(keysOf(pages), namesWhere(fields(t, "## A page of life"), sentBy(sender))); diff != "" {
			t.Errorf("%s (-demo +manual)\n%s", sender, diff)
		}
	}
}

// takes are the parameters of a list besides those of each list, and these.
func takes(t *testing.T, h *testhub.Hub, pattern string, but ...string) (names []string) {
	t.Helper()
	but = append(but, "after", "limit")
	for _, row := range h.Rows {
		if row.Method != "GET" || row.Pattern != pattern {
			continue
		}
		for _, rule := range row.Parameters {
			if !slices.Contains(but, rule.Name) {
				names = append(names, rule.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func TestTheFiltersInTheTablesAreThoseOfTheHub(t *testing.T) {
	t.Parallel()
	config, err := os.ReadFile("../../etc/thalamus.toml")
	if err != nil {
		t.Fatal(err)
	}
	var searched []string
	list := regexp.MustCompile(`(?m)^\[search\]\n(?s:.*?)^#fields = (\[.*\])$`).FindSubmatch(config)
	if err := json.Unmarshal(list[1], &searched); err != nil {
		t.Fatal(err)
	}

	h := testhub.Quick(t, func(o *testhub.Options) { o.SearchFields = searched })
	for heading, want := range map[string][]string{
		"## A person":       takes(t, h, "/people", "q", "score"),
		"## A page of life": takes(t, h, "/pols/{person}", "from", "to", "order", "linked"),
	} {
		if diff := cmp.Diff(want, namesWhere(fields(t, heading), isFilter)); diff != "" {
			t.Errorf("%s (-hub +manual)\n%s", heading, diff)
		}
	}
}

var jsonBlock = regexp.MustCompile("(?ms)^```json\n(.*?)^```$")

// jsonBlocks are the blocks of JSON in a section.
func jsonBlocks(t *testing.T, topic, heading string) (blocks []string) {
	t.Helper()
	for _, block := range jsonBlock.FindAllStringSubmatch(section(t, topic, heading), -1) {
		blocks = append(blocks, block[1])
	}
	return blocks
}
