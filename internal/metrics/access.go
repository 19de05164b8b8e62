// SPDX-License-Identifier: GPL-3.0-or-later

package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

var (
	recordWritable = gauge("access_record_writable", "1 if the last line of the access record could be written. While it cannot, nobody reads about persons.")
	indexLag       = gauge("access_index_lag_seconds", "How far the index of the access record may be behind its newest files. There is none while the record is no file.")
)

func (m *Metrics) accessRecord(to chan<- prometheus.Metric) {
	send(to, recordWritable, oneIf(!m.parts.Record.Broken()))

	lag, known := m.parts.Index.Lag(time.Now())
	if known {
		send(to, indexLag, lag.Seconds())
	}
}
