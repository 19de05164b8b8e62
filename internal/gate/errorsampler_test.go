// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestOneOfManyFailuresInASecondIsAnErrorOfTheLog(t *testing.T) {
	b := &errorSampler{samples: map[string]*errorSample{}}
	for _, step := range []struct {
		after  time.Duration
		reason string
		leads  bool
		alike  int
	}{
		{0, "away", true, 0},
		{time.Millisecond, "away", false, 0},
		{2 * time.Millisecond, "busy", true, 0},
		{sampleInterval - 1, "away", false, 0},
		{sampleInterval, "away", true, 2},
		{sampleInterval + 1, "away", false, 0},
		{time.Hour, "away", true, 1},
		{2 * time.Hour, "away", true, 0},
	} {
		leads, alike := b.sample(step.reason, noon.Add(step.after))
		if leads != step.leads || alike != step.alike {
			t.Errorf("%s after %v: %t, %d alike; want %t, %d", step.reason, step.after, leads, alike, step.leads, step.alike)
		}
	}
}

func TestSampledReasonsAreLimited(t *testing.T) {
	b := &errorSampler{samples: map[string]*errorSample{}}
	for i := range 2 * maxSamples {
		if leads, _ := b.sample(fmt.Sprint(i), noon); !leads {
			t.Errorf("reason %d is no error", i)
		}
	}

	if len(b.samples) > maxSamples {
		t.Errorf("%d reasons are kept", len(b.samples))
	}
}

func TestTheNextErrorCountsThoseAlike(t *testing.T) {
	if got := (&requestLog{alike: 3}).LogValue().String(); !strings.Contains(got, "alike=3") {
		t.Error(got)
	}
	if got := (&requestLog{}).LogValue().String(); strings.Contains(got, "alike") {
		t.Error(got)
	}
}
