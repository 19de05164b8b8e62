// SPDX-License-Identifier: GPL-3.0-or-later

package terminal

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"thalamus/internal/task"
)

// Progress is shown so often, in place on a terminal and by lines elsewhere.
const (
	barInterval  = 200 * time.Millisecond
	lineInterval = 10 * time.Second
)

// Progress shows how far something is, from its start until it is stopped. Other output to the
// same terminal goes through it.
type Progress struct {
	Out     io.Writer
	Unit    string       // of the records, in the plural
	Records func() int64 // done so far
	Bytes   func() int64 // of Total
	Total   int64        // 0: not known

	onTerminal bool
	started    time.Time
	showing    *task.Task

	mu    sync.Mutex
	shown bool // there is a bar to be wiped off
}

// Start shows it from now on.
func (p *Progress) Start() {
	p.started = time.Now()
	p.onTerminal = Is(p.Out)
	interval := lineInterval
	if p.onTerminal {
		interval = barInterval
	}

	p.showing = task.Start(context.Background(), func(ctx context.Context) { p.showEvery(ctx, interval) })
}

func (p *Progress) showEvery(ctx context.Context, interval time.Duration) {
	ticks := time.NewTicker(interval)
	defer ticks.Stop()
	for {
		select {
		case now := <-ticks.C:
			p.show(now)
		case <-ctx.Done():
			return
		}
	}
}

// Stop wipes off the bar and shows no more.
func (p *Progress) Stop() {
	p.showing.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
}

func (p *Progress) wipe() {
	if p.shown {
		fmt.Fprint(p.Out, "\r\x1b[K")
		p.shown = false
	}
}

func (p *Progress) show(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
	fmt.Fprint(p.Out, p.line(now))
	p.shown = p.onTerminal
	if !p.onTerminal {
		fmt.Fprintln(p.Out)
	}
}

// line says how far it is.
func (p *Progress) line(now time.Time) string {
	records := p.Records()
	rate := float64(records) / max(now.Sub(p.started).Seconds(), 0.001)
	text := fmt.Sprintf("%d %s, %.0f/s", records, p.Unit, rate)
	if p.Total == 0 {
		return text
	}

	const width = 30
	part := min(float64(p.Bytes())/float64(p.Total), 1)
	if p.onTerminal {
		done := int(part * width)
		text = "[" + strings.Repeat("#", done) + strings.Repeat(".", width-done) + "] " + text
	}
	return fmt.Sprintf("%3.0f%% %s", 100*part, text)
}

// Write is io.Writer's.
func (p *Progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
	return p.Out.Write(b)
}
