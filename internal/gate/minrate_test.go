// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// slowWriter is the writer of a reply to a client who takes so many bytes a second.
type slowWriter struct {
	http.ResponseWriter
	rate     int
	deadline time.Time
}

func (w *slowWriter) SetWriteDeadline(deadline time.Time) error {
	w.deadline = deadline
	return nil
}

func (w *slowWriter) Write(p []byte) (int, error) {
	needed, left := time.Duration(len(p))*time.Second/time.Duration(w.rate), time.Until(w.deadline)
	if needed > left {
		time.Sleep(left)
		return int(left.Seconds()) * w.rate, os.ErrDeadlineExceeded
	}

	time.Sleep(needed)
	return len(p), nil
}

func TestAReplyBelowTheMinimumRateIsCutOff(t *testing.T) {
	for rate, cut := range map[int]bool{1: true, 100: true, 900: true, 1 << 10: false, 3000: false} {
		synctest.Test(t, func(t *testing.T) {
			out := NewMinRateWriter(&slowWriter{ResponseWriter: httptest.NewRecorder(), rate: rate})
			sent, err := out.Write(make([]byte, 4<<20))
			if (err != nil) != cut || !cut && sent != 4<<20 {
				t.Errorf("at %d bytes a second %d were sent: %v", rate, sent, err)
			}
		})
	}
}

// Nothing at all is taken for two minutes, and not for longer.
func TestAStalledReplyIsCutOffInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := &slowWriter{ResponseWriter: httptest.NewRecorder(), rate: 1 << 20}
		out := NewMinRateWriter(client)
		if _, err := out.Write(make([]byte, 16<<20)); err != nil {
			t.Fatal(err)
		}

		client.rate = 1
		begun := time.Now()
		if _, err := out.Write(make([]byte, 1<<20)); err == nil || time.Since(begun) != StallTimeout {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
	})
}

func TestIdleTimeDoesNotCountAsStalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := NewMinRateWriter(&slowWriter{ResponseWriter: httptest.NewRecorder(), rate: 1 << 20})
		for range 100 {
			time.Sleep(time.Hour)
			if _, err := out.Write([]byte(":\n\n")); err != nil {
				t.Fatal(err)
			}
		}
	})
}
