// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"thalamus/internal/pg"
	"thalamus/internal/task"
)

// The primary is asked how far it has come once a second, and each replica a moment later, in which it
// may come as far. A replica that does not answer is left out at once.
const (
	sampleEvery   = time.Second
	replayPause   = 100 * time.Millisecond
	sampleTimeout = 2 * time.Second
)

// sameDatabase names a database, and the schema that is read there, as a standby has it, too.
const sameDatabase = `concat_ws(' ', (SELECT system_identifier FROM pg_control_system()), (SELECT oid FROM pg_database WHERE datname = current_database()), current_schema())`

// walSample is how far the log of the primary (WAL) had come at some time, at least.
type walSample struct {
	at       time.Time
	database string
	timeline string // another one since a standby was promoted; not of a replica
	position int64
}

// replicaAnswer is how far a replica had come at some time, at most.
type replicaAnswer struct {
	walSample
	standby bool
	ahead   bool // it had what the primary has not
}

// Reasons why a replica is not read.
var (
	errNoStandby = errors.New("it is no standby: the primary itself, or promoted")
	errOtherData = errors.New("it is a standby of another database than database.url")
	errAhead     = errors.New("it has what the primary has not: it follows another one, or the primary was restored")
)

// Watch keeps what is known of the replicas until ctx ends. report is told when one is read, and when it
// is read no more.
func (r *Replicas) Watch(ctx context.Context, report func(ReplicaUse)) {
	if r == nil {
		return
	}

	var asking []func(context.Context)
	for _, one := range r.servers {
		asking = append(asking, func(ctx context.Context) {
			for one.awaitSample(ctx) {
				r.look(ctx, one, report)
			}
		})
	}
	watching := task.Start(ctx, asking...)
	defer watching.Stop()

	for ctx.Err() == nil {
		begun := time.Now()
		r.sample(ctx)
		pg.Pause(ctx, sampleEvery-time.Since(begun))
	}
}

// awaitSample waits until the primary was asked, and a moment longer; it is false when ctx has ended.
func (one *replica) awaitSample(ctx context.Context) bool {
	select {
	case <-one.sampled:
		pg.Pause(ctx, replayPause)
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// sample asks the primary. Without an answer the replicas grow old, and are left out: it may be a standby,
// or away.
func (r *Replicas) sample(ctx context.Context) {
	s, err := r.primary.walSample(ctx)
	if err != nil {
		return
	}

	r.keep(s)
	for _, one := range r.servers {
		select {
		case one.sampled <- struct{}{}:
		default: // it has not answered the last question
		}
	}
}

func (db *DB) walSample(ctx context.Context) (s walSample, err error) {
	const q = `SELECT ` + sameDatabase + `, substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8), (pg_current_wal_insert_lsn() - '0/0')::bigint`
	ctx, cancel := context.WithTimeout(ctx, sampleTimeout)
	defer cancel()

	s.at = time.Now()
	err = db.reserved.QueryRow(ctx, q).Scan(&s.database, &s.timeline, &s.position)
	return s, err
}

// keep keeps a sample as long as a replica that has come just so far may be read. After a failover, or a recovery
// to an earlier time, those before say nothing.
func (r *Replicas) keep(s walSample) {
	r.mu.Lock()
	defer r.mu.Unlock()

	last := len(r.samples) - 1
	if last >= 0 && (s.timeline != r.samples[last].timeline || s.position < r.samples[last].position) {
		r.samples = nil
	}
	for len(r.samples) > 0 && s.at.Sub(r.samples[0].at) > r.maxLag {
		r.samples = r.samples[1:]
	}

	r.samples = append(r.samples, s)
	r.forget(s.at)
}

// look asks a replica, and decides whether it is read.
func (r *Replicas) look(ctx context.Context, one *replica, report func(ReplicaUse)) {
	a, err := one.ask(ctx)
	if ctx.Err() != nil {
		return
	}

	before, state := one.state.Load(), r.judge(one.answer, a, err)
	if err == nil {
		a.ahead = errors.Is(state.reason, errAhead)
		one.answer = a
	} else if time.Since(one.answer.at) > r.maxLag {
		one.db.pool.Drop() // whatever it was asked, the primary answers
	}

	one.state.Store(&state)
	if before.isKnown() != state.isKnown() || (before.reason == nil) != (state.reason == nil) {
		report(ReplicaUse{Server: one.server, Reason: state.reason})
	}
}

func (one *replica) ask(ctx context.Context) (a replicaAnswer, err error) {
	const q = `SELECT ` + sameDatabase + `, pg_is_in_recovery(), COALESCE((pg_last_wal_replay_lsn() - '0/0')::bigint, 0)`
	ctx, cancel := context.WithTimeout(ctx, sampleTimeout)
	defer cancel()

	err = one.db.reserved.QueryRow(ctx, q).Scan(&a.database, &a.standby, &a.position)
	a.at = time.Now()
	if err != nil {
		return a, fmt.Errorf("it does not answer: %w", pg.Reason(err))
	}
	return a, nil
}

// judge tells what an answer shows, of which before is the one before: that was given before the primary
// was asked last, and no replica was further then. One that was stays where it is until it is made anew, and
// has what the primary never had also when the primary has come further.
func (r *Replicas) judge(before, a replicaAnswer, err error) replicaState {
	r.mu.RLock()
	defer r.mu.RUnlock()

	newest := r.samples[len(r.samples)-1]
	switch {
	case err != nil:
		return replicaState{reason: err}
	case a.database != newest.database:
		return replicaState{reason: errOtherData}
	case !a.standby:
		return replicaState{reason: errNoStandby}
	case before.at.IsZero():
		return replicaState{reason: errUnknown}
	case before.position > newest.position && before.at.Before(newest.at), before.ahead && before.position == a.position:
		return replicaState{reason: errAhead}
	}

	state := replicaState{}
	for _, s := range r.samples {
		if s.position <= a.position {
			state.asOf = s.at
		}
	}

	now := time.Now()
	if state.asOf.IsZero() && now.Sub(r.samples[0].at) < r.maxLag {
		return replicaState{reason: errUnknown}
	}
	state.reason = state.reasonAt(now, r.maxLag)
	return state
}

// isKnown reports whether it has turned out whether a replica is read.
func (s replicaState) isKnown() bool { return !errors.Is(s.reason, errUnknown) }

// reasonAt gives the reason why a replica is not read, some time after the answer.
func (s replicaState) reasonAt(now time.Time, maxLag time.Duration) error {
	if s.reason == nil && now.Sub(s.asOf) > maxLag {
		return fmt.Errorf("it is more than %v behind", maxLag)
	}
	return s.reason
}
