// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// result is what one scenario was like for the clients of one pair of hubs.
type result struct {
	scenario, way    string
	writes, reads    time.Duration // the longest gaps
	records, changes int
	late             int // replies of 503
	faults           int
}

func newResult(scenario, way string, l *ledger, faults []string) result {
	r := result{
		scenario: scenario, way: way, writes: l.gap(true), reads: l.gap(false),
		records: len(l.records), late: l.count(http.StatusServiceUnavailable), faults: len(faults),
	}
	for _, record := range l.records {
		r.changes += record.Changes
	}
	return r
}

// table shows all results, as Markdown.
func table(results []result) string {
	var b strings.Builder
	b.WriteString("\n| | by | writes wait | reads wait | 503 | acknowledged changes | faults |\n|---|---|--:|--:|--:|--:|--:|\n")
	for _, r := range results {
		fmt.Fprintf(&b, "| %s | %s | %.1f s | %.1f s | %d | %d | %d |\n",
			r.scenario, r.way, r.writes.Seconds(), r.reads.Seconds(), r.late, r.changes, r.faults)
	}
	return b.String()
}
