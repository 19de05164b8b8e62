// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"thalamus/internal/task"
)

// soak is one course of events.
type soak struct {
	options
	site      *site
	ledger    *ledger
	faults    *faults
	traffic   *traffic
	harms     *harms
	gauges    *gauges
	followers []*follower
	begun     time.Time

	mu      sync.Mutex
	clients []*client // all that there were
}

// leave closes the connections that clients keep.
func (s *soak) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.clients {
		c.CloseIdleConnections()
	}
}

// newSoak starts the hubs. The first account is there; all others are made by requests.
func newSoak(ctx context.Context, o options) (*soak, error) {
	s := &soak{options: o, ledger: newLedger(), faults: &faults{}, traffic: &traffic{}, begun: time.Now()}
	var err error
	s.site, err = newSite(ctx, o.thalamus)
	if err != nil {
		return nil, err
	}

	s.gauges = &gauges{site: s.site}
	s.harms = s.newHarms()
	return s, nil
}

// use lets everybody use the hubs, and compares. Its error says that it could not do so.
func (s *soak) use(ctx context.Context) error {
	actors, err := s.cast(ctx)
	if err != nil {
		return err
	}
	s.leave()
	s.gauges.rest(ctx, &s.gauges.before)

	working, stop := context.WithTimeout(ctx, s.duration)
	defer stop()
	s.progress("%d actors use the hubs for %v", len(actors), s.duration)
	var loops []func(context.Context)
	for _, a := range actors {
		loops = append(loops, a.run)
	}
	acting, following := task.Start(working, loops...), task.Start(ctx, s.follow()...)
	defer following.Stop()
	watching := task.Start(working, s.gauges.watch)
	harming := task.Start(working, s.harms.run)

	harming.Wait()
	watching.Wait()
	s.progress("all bring to an end what they have begun")
	acting.Wait()
	s.progress("the followers read the rest")
	following.Stop()
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted: %w", context.Cause(ctx))
	}
	if s.harms.failed != nil {
		return s.harms.failed
	}
	return s.compare(ctx)
}

// follow are the loops of the followers. They end when all others have.
func (s *soak) follow() (loops []func(context.Context)) {
	for _, f := range s.followers {
		loops = append(loops, f.run)
	}
	return loops
}

// compare compares what was told with what is there. The hubs end before, so that the access
// record is whole in the database.
func (s *soak) compare(ctx context.Context) error {
	s.progress("the hubs come to rest")
	s.leave()
	s.gauges.rest(ctx, &s.gauges.after)
	s.gauges.judge(s.faults)
	s.site.checkLogs(s.faults)
	s.progress("the hubs end")
	s.site.terminate(s.faults)
	s.progress("comparing")

	for _, f := range s.followers {
		f.compare(s.ledger, s.faults)
	}
	for _, check := range []func(context.Context) error{s.compareRecords, s.compareHistory, s.compareAccess} {
		err := check(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}
