// SPDX-License-Identifier: GPL-3.0-or-later

package metrics

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// durations are the upper bounds of the histogram, in seconds: few, for there is one for each route and method.
var durations = []float64{.005, .025, .1, .25, 1, 2.5, 10, 30}

// methods are those that have a label of their own: a client may write anything.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete, http.MethodOptions}

// Requests counts requests and how long they take. It is a prometheus.Collector.
type Requests struct {
	total *prometheus.CounterVec
	took  *prometheus.HistogramVec

	mu    sync.RWMutex
	known map[ending]observers
}

// ending is how a request has ended.
type ending struct {
	route, method string
	status        int
}

// observers are those of an ending, so that one request costs no look for them by their labels.
type observers struct {
	total prometheus.Counter
	took  prometheus.Observer
}

// NewRequests makes a Requests of none.
func NewRequests() *Requests {
	return &Requests{
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "thalamus_http_requests_total",
			Help: "Requests that have ended, by the pattern of their route, method and status. 499: the client left before there was a reply.",
		}, []string{"route", "method", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "thalamus_http_request_duration_seconds", Buckets: durations,
			Help: "How long requests took, from their header to the end of the reply. Event streams and long polls are those of /changes.",
		}, []string{"route", "method"}),
		known: map[ending]observers{},
	}
}

// Observe counts a request. It is a gate.Observer.
func (r *Requests) Observe(route, method string, status int, took time.Duration) {
	if !slices.Contains(methods, method) {
		method = "other"
	}

	o := r.observers(ending{route, method, status})
	o.total.Inc()
	o.took.Observe(took.Seconds())
}

func (r *Requests) observers(e ending) observers {
	r.mu.RLock()
	o, ok := r.known[e]
	r.mu.RUnlock()
	if ok {
		return o
	}

	o = observers{
		total: r.total.WithLabelValues(e.route, e.method, strconv.Itoa(e.status)),
		took:  r.took.WithLabelValues(e.route, e.method),
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known[e] = o
	return o
}

// Describe is prometheus.Collector's.
func (r *Requests) Describe(to chan<- *prometheus.Desc) {
	r.total.Describe(to)
	r.took.Describe(to)
}

// Collect is prometheus.Collector's.
func (r *Requests) Collect(to chan<- prometheus.Metric) {
	r.total.Collect(to)
	r.took.Collect(to)
}
