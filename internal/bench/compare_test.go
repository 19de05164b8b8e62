// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestCompare(t *testing.T) {
	old, recent := results{Tables: []table{sampleTable()}}, results{Tables: []table{sampleTable()}}
	recent.Tables[0].Rows[0].Values = []number{24691.2, 2}
	recent.Tables[0].add("new", 1, 2)
	const want = `| what                       |   old |   new | change | verdict |
|----------------------------|------:|------:|-------:|--------:|
| rates: GET /login, ours /s | 12346 | 24691 |  +100% |  better |
| rates: GET /login, p99 ms  |  0.99 |  2.00 |  +103% |   worse |
| rates: é, p99 ms           |  1.00 |  1.00 |    +0% |         |
| rates: new, ours /s        |       |     1 |        |         |
| rates: new, p99 ms         |       |  2.00 |        |         |
`
	if got := compare(old, recent); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestCompareFindsColumnsByName(t *testing.T) {
	old, recent := results{Tables: []table{sampleTable()}}, results{Tables: []table{sampleTable()}}
	c, v := old.Tables[0].Columns, old.Tables[0].Rows[0].Values
	c[0], c[1], v[0], v[1] = c[1], c[0], v[1], v[0] // of the other row, only the names move
	if got := compare(old, recent); strings.Count(got, "+0%") != 2 {
		t.Errorf("got\n%s", got)
	}
}

func TestCompareFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	begun := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i, rate := range []number{10, 100, 91} { // the newest two are compared
		r := results{Time: begun.Add(time.Duration(i) * time.Second), Tables: []table{sampleTable()}}
		r.Tables[0].Rows[0].Values[0] = rate
		if _, err := r.write(resultsDir); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := compareFiles(&out, nil); err != nil || !strings.Contains(out.String(), "|  100 |   91 |    -9% |         |") {
		t.Errorf("got %v,\n%s", err, out.String())
	}
	if err := compareFiles(&out, []string{"one"}); err == nil {
		t.Error("one file was compared")
	}
}
