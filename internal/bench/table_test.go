// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/json"
	"math"
	"testing"
)

func sampleTable() table {
	t := table{Name: "rates", Title: "Rates", Of: "request", Columns: []column{{"ours /s", 0, "more"}, {"p99 ms", 2, "less"}}}
	t.add("GET /login", 12345.6, 0.987)
	t.add("é", absent, 1)
	return t
}

func TestTable(t *testing.T) {
	const want = `### Rates

| request    | ours /s | p99 ms |
|------------|--------:|-------:|
| GET /login |   12346 |   0.99 |
| é          |         |   1.00 |
`
	if got := sampleTable().String(); got != want {
		t.Errorf("got\n%s", got)
	}
	noted := sampleTable()
	noted.Notes = []string{"A note."}
	if got := noted.String(); got != want+"\nA note.\n" {
		t.Errorf("got\n%s", got)
	}
}

func TestNumbersThatJSONDoesNotHave(t *testing.T) {
	text, err := json.Marshal([]number{1.5, absent, number(math.Inf(1))})
	if err != nil || string(text) != "[1.5,null,null]" {
		t.Errorf("got %s, %v", text, err)
	}
	back := make([]number, 3)
	if err := json.Unmarshal(text, &back); err != nil || back[0] != 1.5 || !math.IsNaN(float64(back[1])) {
		t.Errorf("got %v, %v", back, err)
	}
}
