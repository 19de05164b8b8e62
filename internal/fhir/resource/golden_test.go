// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files in testdata anew")

// madrid is the zone of times without one, in all tests.
var madrid = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		panic(err)
	}
	return zone
}()

var changed = time.Date(2026, 5, 20, 8, 41, 55, 902_000_000, time.UTC)

// stored is a record of version 3.
func stored(id, data string) Record {
	return Record{ID: id, Version: 3, Changed: changed, Data: []byte(data)}
}

// Each file of records, an object or page on each line, has a golden file of what is made of them. A
// reviewer reads its diff.
func TestTheMappingIsTheGoldenFiles(t *testing.T) {
	for name, mapped := range map[string]func(id string, data string) []Resource{
		"people": func(id, data string) []Resource {
			return []Resource{Patient(stored(id, data), strings.Fields(text(data, "linked")), madrid)}
		},
		"pages": func(id, data string) []Resource {
			return resourcesOf(ReadPage(text(data, "book"), stored(id, data), madrid))
		},
		"institutions": func(id, data string) []Resource { return []Resource{Organization(stored(id, data))} },
		"units":        func(id, data string) []Resource { return []Resource{Location(stored(id, data))} },
		"documents": func(id, data string) []Resource {
			d := Document{Record: stored(id, data), Person: text(data, "fedacct"), Page: text(data, "pol"), Size: 1234, URL: "https://hub.example.org/personal_docs/" + id}
			if text(data, "bytes") == "none" {
				d.Size = -1
			}
			return []Resource{DocumentReference(d)}
		},
		"statements": func(_, data string) []Resource {
			s := Statement{Said: changed}
			if err := json.Unmarshal([]byte(data), &s); err != nil {
				t.Fatal(err)
			}
			return []Resource{Consent(s, changed)}
		},
		"accesses": func(_, data string) []Resource {
			a := Access{Time: changed}
			if err := json.Unmarshal([]byte(data), &a); err != nil {
				t.Fatal(err)
			}
			return []Resource{AuditEvent(a)}
		},
	} {
		wantGolden(t, name, mapped)
	}
}

func wantGolden(t *testing.T, name string, mapped func(id, data string) []Resource) {
	t.Helper()
	records, err := os.ReadFile(filepath.Join("testdata", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	for line := range strings.Lines(string(records)) {
		for _, one := range mapped(text(line, "id"), line) {
			if err := json.Indent(&got, one.JSON(nil), "", "  "); err != nil {
				t.Fatalf("%v: %s", err, one.JSON(nil))
			}
			got.WriteByte('\n')
		}
	}

	golden := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("%s has changed; if that is meant, run with -update and read the diff:\n%s", golden, diff)
	}
}

// text is a member of a record that is a text.
func text(data, key string) string { return membersOf([]byte(data)).text(key) }

// resourcesOf gives all that is made of a page.
func resourcesOf(p *Page) (all []Resource) {
	for _, kind := range []func() []Resource{p.Conditions, p.Immunizations, p.Procedures, p.Observations} {
		all = append(all, kind()...)
	}
	return all
}
