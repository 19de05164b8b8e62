// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"fmt"
	"log/slog"
	"net/http"
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
	g := &Gate{errorSampler: errorSampler{samples: map[string]*errorSample{}}}
	for _, step := range []struct {
		after time.Duration
		level slog.Level
		alike string // in the line; "": it has none
	}{
		{0, slog.LevelError, ""}, {1, slog.LevelInfo, ""}, {2, slog.LevelInfo, ""},
		{sampleInterval, slog.LevelError, "alike=2"}, {2 * sampleInterval, slog.LevelError, ""},
	} {
		ev := &event{requestLog: requestLog{status: http.StatusServiceUnavailable, err: errTimeout}}
		level := g.logLevel(ev, noon.Add(step.after))
		line := ev.LogValue().String()
		if level != step.level || !strings.Contains(line, step.alike) || step.alike == "" && strings.Contains(line, "alike") {
			t.Errorf("after %v: %v %s", step.after, level, line)
		}
	}
}
