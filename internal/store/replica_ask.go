// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"time"

	"thalamus/internal/pg"
	"thalamus/internal/task"
)

// Ask asks each replica how far it is, for a program that does not Watch them. It waits two seconds at most
// for those that have not all that is written now.
func (r *Replicas) Ask(ctx context.Context) ([]ReplicaUse, error) {
	if r == nil {
		return nil, nil
	}

	s, err := r.primary.walSample(ctx)
	if err != nil {
		return nil, classify(err)
	}
	r.keep(s)

	each := make([]ReplicaUse, len(r.servers))
	var asking []func(context.Context)
	for i, one := range r.servers {
		each[i].Server = one.server
		asking = append(asking, func(ctx context.Context) { each[i].Reason = r.await(ctx, one, s.at.Add(sampleTimeout)) })
	}
	task.Start(ctx, asking...).Wait()
	return each, nil
}

// await asks a replica until it is known whether it is read.
func (r *Replicas) await(ctx context.Context, one *replica, until time.Time) error {
	for {
		a, err := one.ask(ctx)
		state := r.judge(a, a, err)
		switch {
		case state.isKnown():
			return state.reason
		case time.Now().After(until), ctx.Err() != nil:
			return fmt.Errorf("it is more than %v behind", sampleTimeout)
		}
		pg.Pause(ctx, replayPause)
	}
}
