// SPDX-License-Identifier: GPL-3.0-or-later

package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"thalamus/internal/pg"
	"thalamus/internal/store"
	"thalamus/internal/task"
)

const (
	sampleEvery   = time.Minute
	sampleTimeout = 10 * time.Second
	sampleExpiry  = 10 * sampleEvery // an older one is not shown
)

var (
	databaseUp       = gauge("database_up", "1 if the database answers, as of the last second.")
	databaseWritable = gauge("database_writable", "1 if it takes writes: it is no standby, its disk is not full, and its synchronous standby answers.")
	databaseBroken   = gauge("database_broken", "1 if it has told within 10 seconds of damage in its files or its program.")

	databaseBytes = gauge("database_bytes", "Size of the database on its disk; asked once a minute.")
	tableBytes    = gauge("table_bytes", "Size of a table with its indexes; asked once a minute.", "table")
	tableRows     = gauge("table_rows", "About how many rows it has, as PostgreSQL estimates it; asked once a minute.", "table")
	sessions      = gauge("portal_sessions", "Sessions of the portal that are in time; asked once a minute.")
	feedLag       = gauge("feed_lag_seconds", "Age of the oldest change that is committed and not in the feed; asked once a minute.")
)

func (m *Metrics) database(to chan<- prometheus.Metric) {
	health := m.parts.DB.LastHealth()
	send(to, databaseUp, oneIf(health.Answers))
	send(to, databaseWritable, oneIf(health.Writes))
	send(to, databaseBroken, oneIf(health.Broken))

	select {
	case m.read <- struct{}{}:
	default: // it was said already
	}

	s := m.sample.Load()
	if s == nil || time.Since(s.taken) > sampleExpiry {
		return
	}

	send(to, databaseBytes, s.bytes)
	send(to, sessions, s.sessions)
	sendEmergencies(to, s.emergencies)
	send(to, feedLag, s.feedLag.Seconds())
	for _, size := range s.sizes {
		send(to, tableBytes, size.Bytes, size.Table)
		send(to, tableRows, size.Rows, size.Table)
	}
}

// sample is what only the database knows.
type sample struct {
	taken    time.Time
	bytes    int64
	sizes    []store.TableSize
	sessions int64
	feedLag  time.Duration

	emergencies store.EmergencyCounts
}

// Start takes samples of the database until the task is stopped: one, and another after each scrape, but
// no more than one in a minute. It is for when the database is there.
func (m *Metrics) Start(ctx context.Context) *task.Task {
	return task.Start(context.WithoutCancel(ctx), func(ctx context.Context) {
		for ctx.Err() == nil {
			m.takeSample(ctx)
			pg.Pause(ctx, sampleEvery)

			select {
			case <-m.read:
			case <-ctx.Done():
			}
		}
	})
}

// takeSample leaves the last one as it is while the database does not answer.
func (m *Metrics) takeSample(ctx context.Context) {
	if m.parts.DB.OutageEnd() != nil { // else this would be one more that waits for it
		return
	}

	ctx, cancel := context.WithTimeout(ctx, sampleTimeout)
	defer cancel()

	s, err := m.ask(ctx)
	if err != nil {
		return
	}
	m.sample.Store(&s)
}

func (m *Metrics) ask(ctx context.Context) (s sample, err error) {
	s.taken = time.Now()
	s.bytes, err = m.parts.DB.DatabaseBytes(ctx)
	if err != nil {
		return s, err
	}

	s.sizes, err = m.parts.DB.Sizes(ctx)
	if err != nil {
		return s, err
	}

	s.sessions, err = m.parts.DB.CountSessions(ctx, m.parts.Sessions)
	if err != nil {
		return s, err
	}

	s.emergencies, err = m.parts.DB.CountEmergencies(ctx)
	if err != nil {
		return s, err
	}

	oldest, err := m.parts.DB.Unpublished(ctx)
	if err != nil || oldest == nil {
		return s, err
	}
	s.feedLag = time.Since(*oldest)
	return s, nil
}
