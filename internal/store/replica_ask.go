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

	before := make([]replicaAnswer, len(r.servers))
	r.together(ctx, func(ctx context.Context, i int) { before[i], _ = r.servers[i].ask(ctx) }) // an error comes again
	s, err := r.primary.walSample(ctx)
	if err != nil {
		return nil, classify(err)
	}
	r.keep(s)

	each := make([]ReplicaUse, len(r.servers))
	r.together(ctx, func(ctx context.Context, i int) {
		each[i] = ReplicaUse{Server: r.servers[i].server, Reason: r.await(ctx, r.servers[i], before[i], s.at.Add(sampleTimeout))}
	})
	return each, nil
}

// together does something with the number of each replica.
func (r *Replicas) together(ctx context.Context, do func(ctx context.Context, i int)) {
	var each []func(context.Context)
	for i := range r.servers {
		each = append(each, func(ctx context.Context) { do(ctx, i) })
	}
	task.Start(ctx, each...).Wait()
}

// await asks a replica until it is known whether it is read.
func (r *Replicas) await(ctx context.Context, one *replica, before replicaAnswer, until time.Time) error {
	for {
		a, err := one.ask(ctx)
		state := r.judge(before, a, err)
		switch {
		case state.isKnown():
			return state.reason
		case time.Now().After(until), ctx.Err() != nil:
			return fmt.Errorf("it is more than %v behind", sampleTimeout)
		}
		pg.Pause(ctx, replayPause)
	}
}
