// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"thalamus/internal/command"
	"thalamus/internal/store"
	"thalamus/internal/terminal"
)

// queueDuplicates puts the pairs into the queue of the portal.
func queueDuplicates(ctx context.Context, after, config string, env environment) error {
	if after != "" {
		return command.UsageError("--queue begins anew; leave out --after")
	}

	const whole = 10_000
	var pairs, done atomic.Int64
	bar := &terminal.Progress{Out: env.stderr, Unit: "pairs", Records: pairs.Load, Bytes: done.Load, Total: whole}
	env.stderr = bar
	_, db, err := openConfigured(ctx, config, env, toMove)
	if err != nil {
		return err
	}
	defer db.Close()

	bar.Start()
	ran, err := db.QueueDuplicates(ctx, func(found store.DuplicatesPart) {
		pairs.Add(int64(len(found.Pairs)))
		done.Store(int64(found.Done * whole))
	})
	bar.Stop()

	switch {
	case err != nil:
		return fmt.Errorf("duplicates: %w; the queue has what was found until then", err)
	case !ran:
		return errors.New("duplicates: another program fills the queue just now")
	}

	fmt.Fprintf(env.stderr, "%d pairs in the queue\n", pairs.Load())
	return nil
}
