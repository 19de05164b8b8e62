// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"strings"
	"testing"
	"time"
)

// page1 is a page that was created, changed and deleted, unit1 one that is there.
var (
	page1 = key{"page", "P1"}
	unit1 = key{"unit", "U1"}
)

// toldSoak has a ledger of what clients were told.
func toldSoak() *soak {
	s := &soak{ledger: newLedger(), faults: &faults{}, traffic: &traffic{}}
	s.ledger.note(page1, "ANA", "create", content{"n": 1})
	s.ledger.note(page1, "ANA", "update", content{"n": 2})
	s.ledger.note(page1, "ANA", "delete", nil)
	s.ledger.note(unit1, "", "create", content{"n": 1})
	return s
}

// wants fails the test unless there is one fault, with this text; "": none.
func wants(t *testing.T, f *faults, text string) {
	t.Helper()
	all := strings.Join(f.told, "\n")
	if text == "" && f.count > 0 {
		t.Errorf("got %s", all)
	}
	if text != "" && (f.count != 1 || !strings.Contains(all, text)) {
		t.Errorf("got %d: %s, want %s", f.count, all, text)
	}
}

// wholeFeed is what a follower of everybody gets.
func wholeFeed() []feedChange {
	return []feedChange{
		{Resource: "page", ID: "P1", Person: "ANA", Version: 1, Data: content{"n": 1.0}},
		{Resource: "unit", ID: "U1", Version: 1, Data: content{"n": 1.0}},
		{Resource: "page", ID: "P1", Person: "ANA", Version: 2, Data: content{"n": 2.0}},
		{Resource: "person", ID: rootAccount, Version: 1},
		{Resource: "page", ID: "P1", Person: "ANA", Version: 3},
	}
}

func TestAFollowerMustGetEachChangeOnceAndInOrder(t *testing.T) {
	for want, damage := range map[string]func([]feedChange) []feedChange{
		"":                                        func(all []feedChange) []feedChange { return all },
		"has 2 changes of {page P1}, not 3":       func(all []feedChange) []feedChange { return all[:4] },
		"got version 3 of {page P1} after 1":      func(all []feedChange) []feedChange { return append(all[:2], all[3:]...) },
		"got version 3 of {page P1} after 3":      func(all []feedChange) []feedChange { return append(all, all[4]) },
		"changes of 3 records, not 2":             func(all []feedChange) []feedChange { return append(all, feedChange{ID: "other", Version: 1}) },
		`{unit U1} altered: {"n":7}, not {"n":1}`: func(all []feedChange) []feedChange { all[1].Data["n"] = 7.0; return all },
	} {
		s := toldSoak()
		f := s.newFollower(&client{account: "node"}, "", false)
		for _, c := range damage(wholeFeed()) {
			f.take(c)
		}
		if strings.HasPrefix(want, "got") {
			wants(t, s.faults, want)
			continue
		}
		s.faults = &faults{}
		f.compare(s.ledger, s.faults)
		if strings.HasPrefix(want, "has 2") { // its record is not as it was left either
			s.faults.count, s.faults.told = 1, s.faults.told[:1]
		}
		wants(t, s.faults, want)
	}
}

func TestAFollowerOfOnePersonNeedsThatPersonsChangesOnly(t *testing.T) {
	s := toldSoak()
	f := s.newFollower(&client{account: "ANA"}, "ANA", false)
	for _, c := range wholeFeed() {
		if c.Person == "ANA" {
			f.take(c)
		}
	}
	f.compare(s.ledger, s.faults)
	wants(t, s.faults, "")
	if got := s.ledger.changed("ANA"); got != f.count {
		t.Errorf("the ledger has %d changes of the person, the follower %d", got, f.count)
	}
}

func TestTheHistoryMustHaveEachChangeThatWasToldOfAndNoOther(t *testing.T) {
	for want, c := range map[string]struct {
		before    int // changes of page1 that were seen
		version   int
		operation string
		replaced  content
	}{
		"":                                     {1, 2, "update", content{"n": 1}},
		"version 1 of {page P1} is altered":    {1, 2, "update", content{"n": 7}},
		"is version 3 in the history":          {1, 3, "update", content{"n": 1}},
		"in the history: delete, not update":   {1, 2, "delete", content{"n": 1}},
		"version 4 of {page P1}, and nobody":   {3, 4, "create", nil},
		"change 1 of {page P1} is version 2 i": {0, 2, "create", nil},
	} {
		s := toldSoak()
		s.compareChange(page1, c.version, c.operation, c.replaced, map[key]int{page1: c.before})
		wants(t, s.faults, want)
	}
}

func TestALineTellsOfThePersonItNamesAndOfAList(t *testing.T) {
	var lines []accessLine
	for _, text := range []string{`{"account":"a","person":"P"}`, `{"account":"b","persons":["Q","R"]}`, `{"account":"c","persons":"all"}`} {
		var line accessLine
		err := line.UnmarshalJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	for question, want := range map[[2]string]bool{
		{"a", "P"}: true, {"a", "Q"}: false, {"b", "R"}: true, {"b", "P"}: false, {"c", "X"}: true, {"d", "P"}: false,
	} {
		if got := tells(lines, question[0], question[1]); got != want {
			t.Errorf("%v: %v", question, got)
		}
	}
}

func TestWhatGrowsIsALeak(t *testing.T) {
	steady, rest := sample{100, 50, 10, 50}, sample{90, 20, 5, 20}
	for want, change := range map[string]func(last, after *sample){
		"":                                func(last, after *sample) { last.memory, last.goroutines, after.memory = 140, 90, 180 },
		"memory in MB grew from":          func(last, _ *sample) { last.memory = 150 },
		"number of goroutines grew from":  func(last, _ *sample) { last.goroutines = 110 },
		"number of connections grew from": func(last, _ *sample) { last.connections = 20 },
		"number of open files grew from":  func(last, _ *sample) { last.files = 110 },
		"goroutines grew at rest":         func(_, after *sample) { after.goroutines = 60 },
	} {
		last, after := steady, rest
		change(&last, &after)
		g := gauges{before: rest, after: after}
		for i := range 30 {
			g.during = append(g.during, steady)
			if i >= 20 {
				g.during[i] = last
			}
		}
		f := &faults{}
		g.judge(f)
		wants(t, f, want)
	}
}

func TestWithoutSamplesNobodySaysThatNothingLeaked(t *testing.T) {
	f := &faults{}
	(&gauges{}).judge(f)
	if f.count == 0 {
		t.Error("nothing was measured, and that was right")
	}
}

func TestEventsAreTakenWhole(t *testing.T) {
	s := toldSoak()
	f := s.newFollower(&client{account: "node"}, "", true)
	f.events(strings.NewReader(":\n\nid: c1\ndata: {\"cursor\":\"c1\",\"resource\":\"page\",\"id\":\"P1\",\"version\":1}\n\nid: c2\ndata: {\"cursor\":\"c2\",\"re"))
	wants(t, s.faults, "")
	if f.cursor != "c1" || f.count != 1 {
		t.Errorf("the cursor is %q after %d changes", f.cursor, f.count)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	o, err := readOptions([]string{"-duration", "2s", "-seed", "7"})
	if err != nil || o.duration != 2*time.Second || o.seed != 7 {
		t.Errorf("got %+v, %v", o, err)
	}
	for _, wrong := range []string{"-duration=0s", "-pause=0s", "-calm=-1s", "word", "-other"} {
		_, err := readOptions([]string{wrong})
		if err == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
}
