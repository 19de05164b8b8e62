// SPDX-License-Identifier: GPL-3.0-or-later

package metrics_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

func TestRequestsAreCountedByRouteMethodAndStatus(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for range 2 {
		h.Do(ana, "GET", "/people/"+ana[0], "").Want(t, 200)
	}
	h.Do(ana, "GET", "/people/"+root[0], "").Want(t, 403)
	h.Do(nobody, "PROPFIND", "/there/is/nothing", "").Want(t, 404)
	h.Do(nobody, "POST", "/people/"+ana[0], "{}").Want(t, 401)

	h.want(map[string]float64{
		`thalamus_http_requests_total{method="GET",route="/people/{person}",status="200"}`:             2,
		`thalamus_http_requests_total{method="GET",route="/people/{person}",status="403"}`:             1,
		`thalamus_http_requests_total{method="POST",route="/people/{person}",status="401"}`:            1,
		`thalamus_http_requests_total{method="other",route="",status="404"}`:                           1,
		`thalamus_http_request_duration_seconds_count{method="GET",route="/people/{person}"}`:          3,
		`thalamus_http_request_duration_seconds_bucket{method="other",route="",le="+Inf"}`:             1,
		`thalamus_http_request_duration_seconds_bucket{method="GET",route="/people/{person}",le="30"}`: 3,
	})
	h.await(`thalamus_http_request_duration_seconds_sum{method="GET",route="/people/{person}"}`, positive)
}

func TestAClientThatLeftIsNotAFaultOfTheHub(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	end := h.DB.Hold(`LOCK TABLE pols IN ACCESS EXCLUSIVE MODE`)
	defer end("ROLLBACK")

	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := testhub.Try(h.Request(cameron, "GET", "/pols/"+ana[0], "").WithContext(ctx))
		left <- err
	}()
	h.want(map[string]float64{"thalamus_http_requests_in_flight": 1})
	h.DB.AwaitWaiting(1)
	leave()
	if <-left == nil {
		t.Error("it got a reply")
	}
	h.want(map[string]float64{
		"thalamus_http_requests_in_flight":                                               0,
		`thalamus_http_requests_total{method="GET",route="/pols/{person}",status="499"}`: 1,
	})
}

func TestRefusalsAreCountedFromTheThirdOn(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for range 5 {
		h.Do(ana, "GET", "/people/"+root[0], "").Want(t, 403)
	}
	h.Do(cameron, "GET", "/changes?since=nonsense", "").Want(t, 422)
	h.want(map[string]float64{`thalamus_http_refusals_repeated_total{route="/people/{person}",status="403"}`: 3})
	if _, ok := h.scrape()[`thalamus_http_refusals_repeated_total{route="/changes",status="422"}`]; ok {
		t.Error("one refusal is taken for a repeated one")
	}
}

func TestRequestsThatWaitForTheDatabaseAreHeld(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.want(map[string]float64{"thalamus_http_requests_held": 0, "thalamus_ready": 0})
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() { left <- h.parts.Stage.Await(ctx) }()
	h.want(map[string]float64{"thalamus_http_requests_held": 1})
	leave()
	if <-left == nil {
		t.Error("it was let through")
	}
	h.want(map[string]float64{"thalamus_http_requests_held": 0})
}

func TestBytesOfBodiesAndDocumentsAreThoseOfTheirBudgets(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.want(map[string]float64{
		`thalamus_budget_bytes{budget="memory"}`: 256 << 20, `thalamus_budget_taken_bytes{budget="memory"}`: 0,
		`thalamus_budget_bytes{budget="spool"}`: 32 * (32 + 8) << 20, `thalamus_budget_taken_bytes{budget="spool"}`: 0,
	})

	end := h.stall(root, "POST", "/people/NEW", "application/json")
	h.await(`thalamus_budget_taken_bytes{budget="memory"}`, positive)
	end()
	end = h.stall(root, "POST", "/personal_docs/"+ana[0]+"/"+testhub.BirthPage, "image/png")
	h.await(`thalamus_budget_taken_bytes{budget="spool"}`, positive)
	end()
	h.want(map[string]float64{`thalamus_budget_taken_bytes{budget="memory"}`: 0, `thalamus_budget_taken_bytes{budget="spool"}`: 0})
}

// stall sends a body that does not end until the test says so.
func (h *hub) stall(account []string, method, path, contentType string) (end func()) {
	body, more := io.Pipe()
	r := h.Request(account, method, path, "")
	r.Body, r.ContentLength = body, -1
	r.Header.Set("Content-Type", contentType)
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		_, _ = testhub.Try(r) // whatever it is
	}()
	_, _ = io.WriteString(more, strings.Repeat(" ", 1<<20))
	return func() {
		_ = more.CloseWithError(http.ErrBodyReadAfterClose)
		<-answered
	}
}

func TestABudgetThatIsTakenLetsOthersWaitInVain(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.Memory = 400 << 10 })
	var ends []func()
	for _, account := range [][]string{ana, cameron, root, h.Enrol("FRAOTH002EUS", "end_user"), h.Enrol("FRAOTH003EUS", "end_user")} {
		ends = append(ends, h.stall(account, "POST", "/pols/"+account[0]+"/a", "application/json"))
	}
	h.await(`thalamus_budget_waiting{budget="memory"}`, positive)
	h.await(`thalamus_budget_refused_total{budget="memory"}`, positive)
	for _, end := range ends {
		end()
	}
}
