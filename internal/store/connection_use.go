// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"time"

	"thalamus/internal/pg"
)

// ConnectionUse is what the connections to the database are used for.
type ConnectionUse struct {
	Requests, Reserved PoolUse // of requests, and of the loops beside them
	Held               int     // requests that wait for a database that is away
	Lanes              []LaneUse
}

// PoolUse is how the connections of a pool are used, and what they were until now.
type PoolUse struct {
	Most, Used, Idle int32
	Acquired, Waited int64         // Waited: there was no idle one
	WaitTime         time.Duration // of these
}

// LaneUse is how a kind of work uses its share of the connections.
type LaneUse struct {
	Name                 string
	Slots, Used, Waiting int
}

// ConnectionUse tells it as of now, without asking the database.
func (db *DB) ConnectionUse() ConnectionUse {
	return ConnectionUse{
		Requests: poolUse(db.pool), Reserved: poolUse(db.reserved), Held: db.pool.Waiting(),
		Lanes: []LaneUse{db.writes.use("writes"), db.lists.use("lists"), db.feedReaders.use("changes")},
	}
}

func poolUse(p *pg.Pool) PoolUse {
	s := p.Stat()
	return PoolUse{
		Most: s.MaxConns(), Used: s.AcquiredConns(), Idle: s.IdleConns(),
		Acquired: s.AcquireCount(), Waited: s.EmptyAcquireCount(), WaitTime: s.EmptyAcquireWaitTime(),
	}
}

func (l *lane) use(name string) LaneUse {
	return LaneUse{name, cap(l.slots), len(l.slots), int(l.waiting.Load())}
}
