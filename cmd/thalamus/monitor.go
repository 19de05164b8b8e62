// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"log/slog"

	"thalamus/internal/monitor"
	"thalamus/internal/task"
)

// startMonitor serves those who run a hub, where the configuration says so, until stop is called. It
// outlives ctx: the end of the hub is to be seen, too.
func startMonitor(ctx context.Context, address string, h hub, log *slog.Logger) (stop func(), err error) {
	if address == "" {
		return func() {}, nil
	}

	listener, err := monitor.Listen(ctx, address)
	if err != nil {
		return nil, err
	}

	log.Info("metrics are served", "listen", listener.Addr().String())
	serving := task.Start(context.WithoutCancel(ctx), func(ctx context.Context) {
		monitor.Serve(ctx, listener, monitor.Options{Metrics: h.metrics, Health: h, Log: log})
	})
	return serving.Stop, nil
}
