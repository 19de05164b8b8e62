// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"context"
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"thalamus/internal/fed"
)

func TestTextSaysTheEndpointAndTheOutcome(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s    Access
		want string
	}{
		{Access{Entry{Method: "GET", Endpoint: "person", Person: "ANA", Status: 200}, fed.AccessAsked}, "person given"},
		{Access{Entry{Method: "GET", Endpoint: "book", Person: "ANA", Status: 403}, fed.AccessAsked}, "book refused"},
		{Access{Entry{Method: "GET", Endpoint: "page", Person: "ANA", Page: "P", Status: 304}, fed.AccessAsked}, "page P unchanged"},
		{Access{Entry{Method: "GET", Endpoint: "document", Person: "ANA", Page: "P", Document: "D", Status: 404}, fed.AccessAsked}, "document D not there"},
		{Access{Entry{Method: "PATCH", Endpoint: "person", Person: "ANA", Status: 200}, fed.AccessAsked}, "PATCH person given"},
		{Access{Entry{Method: "HEAD", Endpoint: "person", Person: "ANA", Status: 503}, fed.AccessAsked}, "HEAD person nothing (503)"},
		{Access{Entry{Method: "GET", Endpoint: "people", Status: 200}, fed.AccessListed}, "people, in a list given"},
		{Access{Entry{Method: "GET", Endpoint: "book", Emergency: "1", Status: 200}, fed.AccessAsked}, "book, in an emergency given"},
		{Access{Entry{Method: "GET", Endpoint: "matches", Person: "BEA", Status: 200}, fed.AccessListed}, "matches of BEA, in a list given"},
		{Access{Entry{Method: "GET", Endpoint: "changes", Status: 200}, fed.AccessAll}, "changes, of everybody given"},
	} {
		if got := c.s.description() + " " + c.s.outcome(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestTextHasNoControlCharacters(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	odd := "A\x1b[2J\u202e\nB\u2028"
	all := []Access{{Entry{Account: odd, Method: odd, Endpoint: odd, Page: odd, Address: odd, Status: 200}, fed.AccessAsked}}
	if err := WriteText(&out, all, Names{odd: odd}); err != nil {
		t.Fatal(err)
	}

	if text := out.String(); strings.ContainsAny(strings.TrimSuffix(text, "\n"), "\x1b\u202e\n\u2028") || strings.Count(text, "A\uFFFD[2J\uFFFD\uFFFDB\uFFFD") != 6 {
		t.Errorf("%q", text)
	}
}

// A spreadsheet looks at the beginning of a cell.
func TestNoCellOfTheCSVIsAFormula(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "Ana": "Ana", "a=1": "a=1", "192.0.2.7": "192.0.2.7", "2026-05-31": "2026-05-31",
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1",
		" =1": "' =1", "\u00a0=1": "'\u00a0=1", "＝1": "'＝1", "＠x": "'＠x", `","=1`: `","=1`, "\"\r\n=1": "\"\n=1",
	} {
		t.Run(text, func(t *testing.T) {
			var out strings.Builder
			c := NewCSV(&out)
			e := Entry{Account: text, Method: text, Endpoint: text, Person: text, Page: text, Document: text, Request: text, Address: text, Purpose: text, Emergency: text}
			if err := c.Write([]Access{{e, fed.AccessWay(text)}}, Names{text: text}); err != nil {
				t.Fatal(err)
			}

			rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
			if err != nil || len(rows) != 2 {
				t.Fatalf("%q: %v: %q", text, err, out.String())
			}

			for i, name := range rows[0] {
				want := strings.ReplaceAll(want, "\r\n", "\n") // as the reader of CSV gives it
				if got := rows[1][i]; name != "time" && name != "status" && got != want {
					t.Errorf("%s of %q is %q, want %q", name, text, got, want)
				}
			}
		})
	}
}

func TestAReportGoesOnWithoutNamesAfterALookupFailed(t *testing.T) {
	t.Parallel()
	var out, notes strings.Builder
	lookups := 0
	report := Report{Out: &out, Notes: &notes, LookUp: func(context.Context, []string, Names) error {
		lookups++
		return errors.New("the database is away")
	}}

	take := report.Taking(t.Context())
	for _, account := range []string{"A", "B"} {
		if err := take([]Access{{Entry{Account: account, Endpoint: "person", Status: 200}, fed.AccessAsked}}); err != nil {
			t.Fatal(err)
		}
	}

	if lookups != 1 || notes.String() != "names are left out from here on: the database is away\n" {
		t.Errorf("%d lookups: %s", lookups, notes.String())
	}
	if lines := strings.Count(out.String(), "person"); lines != 2 {
		t.Errorf("%d lines, want 2:\n%s", lines, out.String())
	}
}
