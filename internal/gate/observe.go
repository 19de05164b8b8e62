// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"maps"
	"net/http"
	"time"

	"thalamus/internal/limit"
)

// Observer is told of a request that has ended: the pattern of its route ("" where there is none),
// its method as the client wrote it, and the status of the reply.
type Observer func(route, method string, status int, took time.Duration)

// statusLeft stands for a client that did not wait for the reply, as nginx has it.
const statusLeft = 499

// observe counts the end of a request. A client that left is nobody's fault here.
func (g *Gate) observe(ev *event) {
	g.inFlight.Add(-1)
	if g.options.Observe == nil {
		return
	}

	status := ev.status
	if ev.left && (status == 0 || status == http.StatusServiceUnavailable) {
		status = statusLeft
	}

	g.options.Observe(ev.pattern, ev.method, status, ev.duration)
}

// Load is what the requests of a Gate take.
type Load struct {
	InFlight int64
	Memory   limit.Usage
	Repeated map[Refused]uint64 // requests of an account that was refused the same twice before, until now
}

// Load tells it as of now.
func (g *Gate) Load() Load {
	return Load{InFlight: g.inFlight.Load(), Memory: g.memory.Usage(), Repeated: g.refusals.repeats()}
}

func (r *refusals) repeats() map[Refused]uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.repeated)
}
