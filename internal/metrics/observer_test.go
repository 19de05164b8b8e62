// SPDX-License-Identifier: GPL-3.0-or-later

package metrics_test

import (
	"testing"
	"time"

	"thalamus/internal/metrics"
)

func TestARequestIsCountedWithoutAnAllocation(t *testing.T) {
	requests := metrics.NewRequests()
	observe := func() { requests.Observe("/people/{person}", "GET", 200, time.Millisecond) }
	observe()
	if got := testing.AllocsPerRun(1000, observe); got != 0 {
		t.Errorf("it makes %v", got)
	}
}

func BenchmarkObserve(b *testing.B) {
	requests := metrics.NewRequests()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			requests.Observe("/people/{person}", "GET", 200, time.Millisecond)
		}
	})
}
