// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"thalamus/internal/testdir"
)

func TestMain(m *testing.M) {
	dir, err := testdir.Begin()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	dir.End()
	os.Exit(status)
}

// site is a cluster with two pairs of hubs, which reach it in different ways.
type site struct {
	*cluster
	pairs []*pair
}

// pair is two hubs and their clients.
type pair struct {
	way, database string
	hubs          []*hub
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{cluster: newCluster(t)}
	s.found()
	for way, database := range map[string]string{"URL": s.url("thalamus", "federation"), "haproxy": s.proxied()} {
		p := &pair{way: way, database: database}
		for n := range 2 {
			p.hubs = append(p.hubs, newHub(t, filepath.Join(s.dir, fmt.Sprintf("%s-%d", way, n)), database))
		}
		s.pairs = append(s.pairs, p)
	}
	return s
}

const (
	before = 5 * time.Second // how long everybody works before something happens
	behind = 5 * time.Second // and after all is well
)

// No acknowledged change is lost, none is made twice, the feed is complete, and no client is refused
// but after the hub's patience: whatever breaks, and whichever way leads to the database.
func TestNothingThatWasAcknowledgedIsLost(t *testing.T) {
	s := newSite(t)
	var results []result
	for n, scenario := range scenarios {
		t.Run(scenario.name, func(t *testing.T) {
			results = append(results, s.run(t, n, scenario)...)
		})
	}
	t.Log(table(results))
}

// run breaks something under load, and judges.
func (s *site) run(t *testing.T, n int, scenario scenario) (results []result) {
	t.Helper()
	var loads []*load
	for _, p := range s.pairs {
		prefix := fmt.Sprintf("%c%d-", p.way[0]&^0x20, n)
		loads = append(loads, startLoad(&load{
			t: t, database: p.database, hubs: p.hubs, dir: filepath.Join(s.dir, prefix), ledger: newLedger(prefix), mayLose: scenario.killsHub,
		}))
	}

	pause(before)
	scenario.do(s)
	s.await("the cluster is complete again", s.isWell)
	s.awaitSuccess(loads)
	pause(behind)

	for i, l := range loads {
		l.finish()
		faults := l.check(s.cluster)
		l.leave()
		l.judge(t, scenario, faults)
		results = append(results, newResult(scenario.name, s.pairs[i].way, l.ledger, faults))
	}
	return results
}

// awaitSuccess returns when every load has got something written again.
func (s *site) awaitSuccess(loads []*load) {
	s.t.Helper()
	since := time.Now()
	for _, l := range loads {
		s.await("a write is acknowledged", func() bool { return l.ledger.lastSuccess().After(since) })
	}
}

// judge fails the test for faults, or tells of them where they are to be expected.
func (l *load) judge(t *testing.T, scenario scenario, faults []string) {
	t.Helper()
	for _, fault := range faults[:min(10, len(faults))] {
		if scenario.splits {
			t.Log("a split brain: ", fault)
			continue
		}
		t.Error(fault)
	}
	if len(faults) > 10 {
		t.Logf("and %d more", len(faults)-10)
	}
}
