// SPDX-License-Identifier: GPL-3.0-or-later

package metrics

import "github.com/prometheus/client_golang/prometheus"

// reader sends what it reads of a part of the hub. It is a prometheus.Collector.
type reader func(to chan<- prometheus.Metric)

// Describe is prometheus.Collector's. What there is to be read depends on the configuration.
func (reader) Describe(chan<- *prometheus.Desc) {}

// Collect is prometheus.Collector's.
func (read reader) Collect(to chan<- prometheus.Metric) { read(to) }

// metric is one that is read when somebody scrapes.
type metric struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
}

func gauge(name, help string, labels ...string) metric {
	return metric{prometheus.NewDesc("thalamus_"+name, help, labels, nil), prometheus.GaugeValue}
}

func counter(name, help string, labels ...string) metric {
	return metric{prometheus.NewDesc("thalamus_"+name, help, labels, nil), prometheus.CounterValue}
}

// number is what a metric may have.
type number interface {
	~int | ~int32 | ~int64 | ~uint64 | ~float64
}

// send sends a value of a metric with the values of its labels.
func send[N number](to chan<- prometheus.Metric, m metric, value N, labels ...string) {
	to <- prometheus.MustNewConstMetric(m.desc, m.kind, float64(value), labels...)
}

// oneIf is how Prometheus has a truth.
func oneIf(truth bool) int {
	if truth {
		return 1
	}
	return 0
}
