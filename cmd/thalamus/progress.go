// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// How often progress is told, in place on a terminal and by lines elsewhere.
const (
	toldOnTerminal = 200 * time.Millisecond
	toldInLines    = 10 * time.Second
)

// progress tells how far something is, from its start until it is stopped. What else
// is written goes through it.
type progress struct {
	out      io.Writer
	terminal bool
	what     string
	records  func() int64
	bytes    func() int64 // of total
	total    int64        // 0: not known
	started  time.Time
	ending   chan struct{}
	ended    sync.WaitGroup

	mu    sync.Mutex
	shown bool // there is a bar to be wiped off
}

// start tells from now on.
func (p *progress) start() {
	p.started, p.ending = time.Now(), make(chan struct{})
	every := toldInLines
	if file, ok := p.out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		p.terminal, every = true, toldOnTerminal
	}

	p.ended.Go(func() {
		ticks := time.NewTicker(every)
		defer ticks.Stop()
		for {
			select {
			case now := <-ticks.C:
				p.show(now)
			case <-p.ending:
				return
			}
		}
	})
}

// stop wipes off the bar and shows no more.
func (p *progress) stop() {
	close(p.ending)
	p.ended.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
}

func (p *progress) wipe() {
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.shown = false
	}
}

func (p *progress) show(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
	fmt.Fprint(p.out, p.line(now))
	p.shown = p.terminal
	if !p.terminal {
		fmt.Fprintln(p.out)
	}
}

// line says how far it is.
func (p *progress) line(now time.Time) string {
	records := p.records()
	rate := float64(records) / max(now.Sub(p.started).Seconds(), 0.001)
	text := fmt.Sprintf("%d %s, %.0f/s", records, p.what, rate)
	if p.total == 0 {
		return text
	}

	const width = 30
	part := min(float64(p.bytes())/float64(p.total), 1)
	if p.terminal {
		done := int(part * width)
		text = "[" + strings.Repeat("#", done) + strings.Repeat(".", width-done) + "] " + text
	}
	return fmt.Sprintf("%3.0f%% %s", 100*part, text)
}

// Write is io.Writer's.
func (p *progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
	return p.out.Write(b)
}
