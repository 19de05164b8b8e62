// SPDX-License-Identifier: GPL-3.0-or-later

package logging

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"thalamus/internal/config"
)

func TestTheLogShowsWhatCannotBeSeen(t *testing.T) {
	t.Parallel()
	const id = "A\u200bB\u202eC\u00adD\U000e0041"
	for _, format := range []string{"json", "text"} {
		var out bytes.Buffer
		log := New(config.Log{Format: format}, &out)
		log.Info("request", "account", id)
		log.Info("request", "account", "Ñ☃")
		if text := out.String(); strings.ContainsAny(text, "\u200b\u202e\u00ad\U000e0041") || !strings.Contains(text, "Ñ☃") || strings.Count(text, "\n") != 2 {
			t.Errorf("%s: %q", format, text)
		}
		first, _, _ := strings.Cut(out.String(), "\n")
		var line struct{ Account string }
		if format == "json" && (json.Unmarshal([]byte(first), &line) != nil || line.Account != id) {
			t.Errorf("%s", first)
		}
	}
}

func TestTheBufferedLogIsLateButWhole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		buffer := NewBuffer(&out)
		log := buffer.Log(config.Log{})
		lines := func() string {
			buffer.writing.Lock()
			defer buffer.writing.Unlock()
			return out.String()
		}
		log.Info("one")
		log.With("a", 1).WithGroup("g").Info("two", "b", 2)
		log.Debug("nothing")
		time.Sleep(flushDelay - time.Nanosecond)
		if got := lines(); got != "" {
			t.Errorf("too early: %q", got)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		log.Info("three")
		buffer.Flush()
		got := lines()
		for i, want := range []string{"msg=one", "msg=two a=1 g.b=2", "msg=three"} {
			if all := strings.SplitAfter(got, "\n"); len(all) != 4 || !strings.HasSuffix(all[i], want+"\n") {
				t.Errorf("line %d of %q is not %s", i, got, want)
			}
		}
		for range maxBuffer {
			log.Info("much")
		}
		if got := strings.Count(lines(), "msg=much"); got != maxBuffer {
			t.Errorf("of much to log, %d lines were written at once", got)
		}
		time.Sleep(flushDelay)
	})
}

func TestTheLogIsInTheFormatAndFromTheLevelThatAreConfigured(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		format string
		isJSON bool
	}{{"text", false}, {"json", true}} {
		t.Run(c.format, func(t *testing.T) {
			var out bytes.Buffer
			log := New(config.Log{Format: c.format, Level: slog.LevelWarn}, &out)
			log.Info("nothing")
			log.Warn("something", "n", 1)
			var line struct {
				Level, Msg string
				N          int
			}
			err := json.Unmarshal(out.Bytes(), &line)
			if isJSON := err == nil && line.Level == "WARN" && line.Msg == "something" && line.N == 1; isJSON != c.isJSON {
				t.Errorf("%s: %q, %v", c.format, out.String(), err)
			}
			if strings.Count(out.String(), "\n") != 1 {
				t.Errorf("%s: %q is not one line", c.format, out.String())
			}
		})
	}
}
