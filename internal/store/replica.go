// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"errors"
	"fmt"
	"hash/maphash"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"thalamus/internal/pg"
)

// Replicas are standbys of the database that answer readers in its place, each as far as it is known to
// have come. A nil Replicas has none.
type Replicas struct {
	primary *DB
	maxLag  time.Duration
	servers []*replica
	seed    maphash.Seed
	read    atomic.Uint64 // requests that read the primary

	mu      sync.RWMutex
	samples []walSample          // of the primary, the oldest first
	wrote   map[string]time.Time // accounts, and when they were last known to have written
	all     time.Time            // the same of all accounts
}

// replica is one of them.
type replica struct {
	db     *DB // for reading alone; what it cannot answer its primary does
	server string

	state  atomic.Pointer[replicaState]
	read   atomic.Uint64 // requests
	answer replicaAnswer // the last one, for the goroutine that asks

	sampled chan struct{} // is sent to when the primary was asked
}

// replicaState is what the last question has shown.
type replicaState struct {
	asOf   time.Time // all that was committed before is there
	reason error     // why it is not read; nil: it is
}

// errUnknown is the reason at first.
var errUnknown = errors.New("it is not known yet how far it is")

// newReplicas makes the replicas of a URL, each of its hosts one.
func newReplicas(primary *DB, o Options) (*Replicas, error) {
	config, err := poolConfig(Options{URL: o.ReadURL, MaxConns: o.MaxConns})
	if err != nil {
		return nil, errors.New("the URL of the replicas cannot be read; write postgres://user:password@host1,host2/database")
	}

	r := &Replicas{primary: primary, maxLag: o.ReadLag, seed: maphash.MakeSeed(), wrote: map[string]time.Time{}}
	for _, one := range byHost(config) {
		server, err := newReplica(primary, one)
		if err != nil {
			r.close()
			return nil, err
		}
		r.servers = append(r.servers, server)
	}
	return r, nil
}

// byHost gives a configuration for each host. Of one host there may be several attempts, with TLS and without.
func byHost(config *pgxpool.Config) (each []*pgxpool.Config) {
	first := config.ConnConfig
	attempts := slices.Insert(slices.Clone(first.Fallbacks), 0,
		&pgconn.FallbackConfig{Host: first.Host, Port: first.Port, TLSConfig: first.TLSConfig})

	for len(attempts) > 0 {
		host, port := attempts[0].Host, attempts[0].Port
		one := config.Copy()
		one.ConnConfig.Host, one.ConnConfig.Port, one.ConnConfig.TLSConfig = host, port, attempts[0].TLSConfig

		same := func(a *pgconn.FallbackConfig) bool { return a.Host == host && a.Port == port }
		one.ConnConfig.Fallbacks = slices.DeleteFunc(slices.Clone(attempts[1:]), func(a *pgconn.FallbackConfig) bool { return !same(a) })
		attempts = slices.DeleteFunc(attempts, same)
		each = append(each, one)
	}
	return each
}

// newReplica makes one without connecting. Its connection for questions is one that no request waits for.
func newReplica(primary *DB, config *pgxpool.Config) (r *replica, err error) {
	db := &DB{primary: primary}
	config.ConnConfig.OnPgError = db.keepConnection
	config.ConnConfig.AfterConnect = prepare(takeSettings(config.ConnConfig))

	db.pool, err = pg.NewReplica(config, primary.pool)
	if err != nil {
		return nil, fmt.Errorf("open a replica: %w", err)
	}
	db.prepareReading(int(config.MaxConns))

	config.MaxConns = 1
	db.reserved, err = pg.New(config, nil)
	if err != nil {
		db.pool.Close()
		return nil, fmt.Errorf("open a replica: %w", err)
	}

	host := config.ConnConfig
	r = &replica{db: db, server: net.JoinHostPort(host.Host, strconv.Itoa(int(host.Port))), sampled: make(chan struct{}, 1)}
	r.state.Store(&replicaState{reason: errUnknown})
	return r, nil
}

func (r *Replicas) close() {
	if r == nil {
		return
	}
	for _, one := range r.servers {
		one.db.Close()
	}
}
