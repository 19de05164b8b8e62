// SPDX-License-Identifier: GPL-3.0-or-later

package openapi_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/openapi"
	"thalamus/internal/testhub"
)

// isForPeople reports whether a row is of pages, which are no part of the API.
func isForPeople(row gate.Row) bool { return strings.HasPrefix(row.Pattern, "/docs") }

func TestTheDocumentHasTheOperationsOfTheRouteTable(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	d := served(t, h, "/openapi.json")
	var want, got []string
	for _, row := range h.Rows {
		if !isForPeople(row) {
			want = append(want, row.Method+" "+row.Pattern)
		}
	}
	for path, item := range d.Paths {
		for name := range item {
			if name != "parameters" {
				got = append(got, strings.ToUpper(name)+" "+path)
			}
		}
	}

	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-table +document\n%s", diff)
	}
}

// The race detector looks at it: hubs of the other tests share a document.
func TestDocumentsThatAreMadeAtOnceShareNothing(t *testing.T) {
	t.Parallel()
	rows := slices.DeleteFunc(testhub.Quick(t).Rows, func(row gate.Row) bool { return row.Pattern == "/openapi.json" || row.Pattern == "/docs/api" })
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := openapi.New(rows, "test"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestAnOperationIsAsItsRow(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t, func(o *testhub.Options) { o.SearchFields = []string{"gender"} })
	d, ids := served(t, h, "/openapi.json"), map[string]bool{}
	for _, row := range h.Rows {
		if isForPeople(row) {
			continue
		}

		o := d.operation(t, row.Pattern, strings.ToLower(row.Method))
		if o.Endpoint != string(row.Endpoint) || (o.Security != nil) != (row.Endpoint == access.Public) {
			t.Errorf("%s %s: endpoint %q, security %v", row.Method, row.Pattern, o.Endpoint, o.Security)
		}
		if o.OperationID == "" || ids[o.OperationID] || o.Summary == "" || len(o.Tags) != 1 {
			t.Errorf("%s %s: %+v", row.Method, row.Pattern, o)
		}
		ids[o.OperationID] = true

		var want, got []string
		for _, rule := range row.Parameters {
			want = append(want, rule.Name+": "+rule.Sentence)
		}
		for _, p := range o.Parameters {
			if p.In == "query" {
				got = append(got, p.Name+": "+p.Description)
			}
		}
		if !slices.Equal(want, got) {
			t.Errorf("%s %s: parameters %q, the table has %q", row.Method, row.Pattern, got, want)
		}
	}
}

// A hub does not start with a row that the document does not know, or without one that it knows.
func TestADescriptionWantsTheRowsOfTheTableOfOperations(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	all := slices.DeleteFunc(slices.Clone(h.Rows), func(row gate.Row) bool { return row.Pattern == "/openapi.json" || row.Pattern == "/docs/api" })
	another := gate.Row{Method: "GET", Pattern: "/another"}
	portal := gate.Row{Method: "GET", Pattern: "/portal/another", Face: gate.Pages}
	for name, c := range map[string]struct {
		rows []gate.Row
		want string
	}{
		"as they are":         {all, ""},
		"a page for people":   {append(slices.Clone(all), portal), ""},
		"an unknown row":      {append(slices.Clone(all), another), "GET /another is in the route table and has no operation"},
		"without the changes": {slices.DeleteFunc(slices.Clone(all), func(row gate.Row) bool { return row.Pattern == "/changes" }), "GET /changes has an operation and is not in the route table"},
	} {
		_, err := openapi.New(c.rows, "test")
		if got := strings.TrimSuffix(fmt.Sprint(err), "<nil>"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestTheDocumentRefersToWhatIsThereAndToAllOfIt(t *testing.T) {
	t.Parallel()
	text := testhub.Quick(t).Do(testhub.Nobody, "GET", "/openapi.json", "").Text
	var document struct {
		Components struct{ Schemas, Headers, Responses map[string]any }
	}
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for kind, components := range map[string]map[string]any{"schemas": document.Components.Schemas, "headers": document.Components.Headers, "responses": document.Components.Responses} {
		for name := range components {
			there[kind+"/"+name] = true
		}
	}

	references := map[string]bool{}
	for _, rest := range strings.Split(text, `"$ref":"#/components/`)[1:] {
		name, _, _ := strings.Cut(rest, `"`)
		references[name] = true
	}

	if diff := cmp.Diff(there, references); diff != "" {
		t.Errorf("-there +referred to\n%s", diff)
	}
}

func TestAPersonInAReplyHasNoPassword(t *testing.T) {
	t.Parallel()
	var components struct {
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	text := testhub.Quick(t).Do(testhub.Nobody, "GET", "/openapi.json", "").Text
	if err := json.Unmarshal([]byte(text), &components); err != nil {
		t.Fatal(err)
	}
	if password := components.Components.Schemas["Person"].Properties["password"]; password != false {
		t.Errorf("its schema of a password is %v", password)
	}
}
