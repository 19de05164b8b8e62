// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// report says how it went. Its error says that something was wrong.
func (s *soak) report(out io.Writer) error {
	fmt.Fprintf(out, "used for %v with seed %d, %v in all\n", s.duration, s.seed, time.Since(s.begun).Round(time.Second))
	fmt.Fprintf(out, "harm: %s\n", s.harms)
	fmt.Fprintf(out, "requests: %d; without a reply %d, come again %d, guesses refused %d\n",
		s.traffic.sent.Load(), s.traffic.lost.Load(), s.traffic.busy.Load(), s.traffic.refused.Load())
	fmt.Fprintf(out, "the longest wait: %v, %s %s\n", s.traffic.longest.Round(time.Millisecond), s.traffic.of.method, s.traffic.of.path)
	fmt.Fprintf(out, "acknowledged: %d changes of %d records; %d replies about others; %d followers\n",
		s.ledger.changed(""), len(s.ledger.records), len(s.ledger.readings), len(s.followers))

	first, last := s.gauges.thirds()
	fmt.Fprintf(out, "%-16s %9s %9s %9s %9s\n", "the steady hub", "memory-MB", "goroutines", "connections", "files")
	for _, row := range []struct {
		name string
		sample
	}{{"rest before", s.gauges.before}, {"first third", first}, {"last third", last}, {"rest after", s.gauges.after}} {
		fmt.Fprintf(out, "%-16s %9.0f %10.0f %11.0f %9.0f\n", row.name, row.memory, row.goroutines, row.connections, row.files)
	}

	if s.faults.count > 0 {
		return fmt.Errorf("%d faults:\n%s", s.faults.count, strings.Join(s.faults.told, "\n"))
	}
	fmt.Fprintln(out, "nothing was lost, nothing was there twice, nothing was altered, nothing leaked")
	return nil
}

// String counts the harms by their kinds.
func (h *harms) String() string {
	var kinds []string
	for _, name := range slices.Sorted(maps.Keys(h.count)) {
		kinds = append(kinds, fmt.Sprintf("%s %d times", name, h.count[name]))
	}
	return strings.Join(kinds, ", ")
}
