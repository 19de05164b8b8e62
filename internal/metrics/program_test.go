// SPDX-License-Identifier: GPL-3.0-or-later

package metrics_test

import (
	"os"
	"runtime"
	"testing"
	"time"

	"thalamus/internal/metrics"
)

func TestTheProgramShowsItsVersionAndItsCertificate(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.want(map[string]float64{`thalamus_build_info{goversion="` + runtime.Version() + `",version="1.2.3"}`: 1})
	h.await("thalamus_certificate_expiry_timestamp_seconds", func(end float64) bool {
		left := time.Until(time.Unix(int64(end), 0))
		return left > 29*24*time.Hour && left < 30*24*time.Hour
	})
	h.await("go_goroutines", positive)
	h.await("process_open_fds", positive)

	h.parts.Certs = nil
	h.shown = metrics.New(h.parts)
	if _, ok := h.scrape()["thalamus_certificate_expiry_timestamp_seconds"]; ok {
		t.Error("without TLS there is an end of the certificate")
	}
}

func TestTheIndexOfTheAccessRecordLagsWhileItStandsStill(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const lag = "thalamus_access_index_lag_seconds"
	if _, ok := h.scrape()[lag]; ok {
		t.Error("an index that is not started has a lag")
	}
	stop := h.parts.Index.Start(t.Context())
	h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, 200)
	h.await(lag, func(seconds float64) bool { return seconds < 10 })
	stop()
	stopped := h.scrape()[lag]
	h.await(lag, func(seconds float64) bool { return seconds > stopped+1 })
}

func TestAnAccessRecordThatCannotBeWrittenIsShown(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, 200)
	h.want(map[string]float64{"thalamus_access_record_writable": 1})
	if err := os.RemoveAll(h.dir); err != nil {
		t.Fatal(err)
	}
	h.Do(cameron, "GET", "/people/"+ana[0], "")
	h.want(map[string]float64{"thalamus_access_record_writable": 0})
}
