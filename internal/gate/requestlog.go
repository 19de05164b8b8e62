// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"
)

// requestLog is the line of the log about a request.
type requestLog struct {
	request  string // its id, also the reply's X-Request-Id
	method   string
	pattern  string // of the route: the path itself holds account ids
	account  string
	address  netip.Addr
	status   int  // 0 until the reply has begun
	left     bool // the client did not wait for the end
	bytes    int64
	duration time.Duration
	err      error // of a request that failed
	alike    int   // failures that were not logged as errors
}

// logRequest leaves the formatting to the handler of the log: that may format later, when
// no client waits.
func (g *Gate) logRequest(ev *event) {
	now := ev.started.Add(ev.duration)
	level := g.logLevel(ev, now)
	log := g.options.Log.Handler()
	if !log.Enabled(ev, level) {
		return
	}

	o := ev.requestLog
	o.request, o.account, o.address = ev.caller.Request, ev.caller.Account.ID, ev.caller.From
	line := slog.NewRecord(now, level, "request", 0) // slog itself would look for the caller, at some cost
	line.AddAttrs(slog.Any("", &o))
	_ = log.Handle(ev, line) // there is nowhere to tell that the log is broken
}

// logLevel tells how important the end of a request is, and counts it where it is one of many.
func (g *Gate) logLevel(ev *event, now time.Time) slog.Level {
	unavailable := ev.status == http.StatusServiceUnavailable
	if ev.status < http.StatusInternalServerError || ev.left && unavailable { // a statement that was given up ends as if the database had gone
		return slog.LevelInfo
	}
	if !unavailable {
		return slog.LevelError
	}

	_, reason, _ := describe(ev.err)
	sampled, alike := g.errorSampler.sample(reason, now)
	ev.alike = alike

	if !sampled {
		return slog.LevelInfo
	}

	return slog.LevelError
}

// LogValue is slog.LogValuer's.
func (o *requestLog) LogValue() slog.Value {
	attrs := []slog.Attr{
		slog.String("request", o.request),
		slog.String("method", o.method),
		slog.String("route", o.pattern),
		slog.String("account", o.account),
		slog.Int("status", o.status),
		slog.Int64("bytes", o.bytes),
		slog.Duration("took", o.duration),
		slog.String("from", o.address.String()),
	}
	if o.err != nil {
		attrs = append(attrs, slog.String("error", o.err.Error()))
	}

	if o.alike > 0 {
		attrs = append(attrs, slog.Int("alike", o.alike))
	}

	return slog.GroupValue(attrs...)
}
