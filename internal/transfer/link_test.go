// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testdb"
)

// linkLines makes lines of links: A=B C!D.
func linkLines(links string) string {
	var all strings.Builder
	for link := range strings.FieldsSeq(links) {
		fmt.Fprintf(&all, `{"resource":"link","person":%q,"data":{"person":%q,"same":%t}}`+"\n", link[:1], link[2:], link[1] == '=')
	}
	return all.String()
}

func TestLinksAreExportedAndImported(t *testing.T) {
	t.Parallel()
	db, other := testdb.New(t), testdb.New(t)
	persons := lines(`person A {}`, `person B {}`, `person C {}`, `person D {}`)
	const told = `{"resource":"link","person":"D","data":{"person":"A","same":false,"account":"DR","time":"2026-05-31T10:00:02+02:00"}}`
	refused, tally := load(t, db, testRules(), persons+linkLines("C=B A=B")+told)
	if tally.Created["link"] != 3 || refused != nil {
		t.Fatal(refused, tally)
	}
	first, ex := export(t, db, true)
	const want = `{"resource":"link","person":"A","data":{"same": false, "time": "2026-05-31T08:00:02.000000Z", "person": "D", "account": "DR"}}` + "\n"
	if !strings.Contains(first, want) || ex.Written["link"] != 3 {
		t.Error(first, ex.Written)
	}
	if refused, _ := load(t, other, testRules(), first); refused != nil {
		t.Error(refused)
	}
	if second, _ := export(t, other, true); second != first {
		t.Errorf("the second export is not the first: %s", second)
	}
	if got := other.Text(`SELECT string_agg(id || COALESCE(linked, '-'), ' ' ORDER BY id) FROM people`); got != "AA BA CA D-" {
		t.Error(got)
	}
	if refused, tally := load(t, other, testRules(), first, linkLines("A=B B=C D!A")); refused != nil || tally.Present != 10 {
		t.Error(refused, tally)
	}
}

func TestLinksThatAreRefusedAreTold(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	link := func(rest string) string { return `{"resource":"link",` + rest + "}\n" }
	refused, tally := load(t, db, testRules(), lines(`person A {}`, `person B {}`, `person C {}`)+
		linkLines("A=B A!B B=C C!A A=X X=A A=A")+
		link(`"id":"x","person":"A","data":{"person":"C","same":true}`)+
		link(`"data":{"person":"C","same":true}`)+
		link(`"person":"A","data":{"same":true}`)+
		link(`"person":"A","data":{"person":"C","same":"true"}`)+
		link(`"person":"A","data":{"person":"C","same":true,"account":5}`)+
		link(`"person":"A","data":{"person":"C","same":true,"time":"yesterday"}`)+
		link(`"person":"A","data":{"person":"C","same":true,"time":"0000-01-01T00:00:00Z"}`)+
		linkLines("C=A"))
	const contradiction = "it contradicts what is known of the two persons"
	if diff := cmp.Diff([]string{
		"a5: " + contradiction, "a7: " + contradiction, "a8: there is no such person", "a9: there is no such person",
		"a10: a person cannot be linked with itself", "a11: a link has no id; it has person, and person in its data",
		"a12: person must be a text", "a13: person in the data must be a text", "a14: same must be true or false",
		"a15: account must be a text", "a16: time must be like 2026-05-31T08:00:02Z", "a17: the database refuses it (SQLSTATE 22008)",
	}, refused); diff != "" || tally.Created["link"] != 3 {
		t.Error(diff, tally)
	}
}

func TestLinksOfTooManyPersonsAreRefused(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	var text strings.Builder
	for n := range 65 {
		fmt.Fprintf(&text, `{"resource":"person","id":"P%d","data":{}}`+"\n", n)
	}
	for n := range 64 {
		fmt.Fprintf(&text, `{"resource":"link","person":"P%d","data":{"person":"P%d","same":true}}`+"\n", n, n+1)
	}
	refused, tally := load(t, db, testRules(), text.String())
	if diff := cmp.Diff([]string{"a129: more than 64 persons cannot be the same"}, refused); diff != "" || tally.Created["link"] != 63 {
		t.Error(diff, tally)
	}
}

// Neither the order in which links were made nor the time zone of the database changes an export.
func TestLinksAreExportedInOrderAndInUTC(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	const told = `{"resource":"link","person":"C","data":{"person":"D","same":true,"time":"2026-05-31T10:00:02+02:00"}}` + "\n"
	if refused, _ := load(t, db, testRules(), lines(`person A {}`, `person B {}`, `person C {}`, `person D {}`, `person E {}`)+told+linkLines("C=B E!A A=B")); refused != nil {
		t.Fatal(refused)
	}
	text, _ := export(t, testdb.At(t, db.URL+"&timezone=Asia/Kathmandu"), true)
	var order []string
	for line := range strings.Lines(text) {
		var link struct {
			Resource, Person string
			Data             struct{ Person, Time string }
		}
		if err := json.Unmarshal([]byte(line), &link); err != nil {
			t.Fatal(err)
		}
		if link.Resource == "link" {
			order = append(order, link.Person+link.Data.Person)
			if link.Person == "C" && link.Data.Time != "2026-05-31T08:00:02.000000Z" {
				t.Error(line)
			}
		}
	}
	if got := strings.Join(order, " "); got != "AB AE BC CD" {
		t.Error(got)
	}
}
