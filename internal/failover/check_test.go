// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5"
)

// stored is a record as it is, with how many changes of it are in the history, and in the feed.
type stored struct {
	Key          string
	Changes, Fed int
	Data         []byte // nil: there is none
}

const storedWith = `
SELECT key, COALESCE(changes, 0) AS changes, COALESCE(fed, 0) AS fed, data FROM (
	SELECT c.resource || ' ' || c.id AS key, count(DISTINCT c.seq) AS changes, count(f.seq) AS fed
	FROM thalamus_changes c LEFT JOIN thalamus_feed f ON f.seq = c.seq WHERE c.part = 0 AND c.id LIKE $1 || '%' GROUP BY 1
) AS history FULL JOIN (
	SELECT 'person ' || id AS key, data FROM people WHERE id LIKE $1 || '%'
	UNION ALL SELECT 'page ' || id, data FROM pols WHERE id LIKE $1 || '%'
	UNION ALL SELECT 'document ' || id, jsonb_build_object('sha512', encode(sha512(document), 'hex')) FROM personal_docs WHERE id LIKE $1 || '%'
) AS records USING (key)`

// stored gives all records of a load, as the primary has them.
func (c *cluster) stored(prefix string) map[string]stored {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	conn := c.connect(c.url("thalamus", "federation"))
	defer func() { _ = conn.Close(ctx) }()

	rows, _ := conn.Query(ctx, storedWith, prefix)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[stored])
	if err != nil {
		c.t.Fatal(err)
	}
	found := map[string]stored{}
	for _, s := range list {
		found[s.Key] = s
	}
	return found
}

// differences says in what the records are other than their clients were told.
func (l *ledger) differences(found map[string]stored) (faults []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for of, want := range l.records {
		got := found[of]
		var data map[string]any
		_ = json.Unmarshal(got.Data, &data) // nil stays nil
		switch {
		case got.Changes < want.Changes:
			faults = append(faults, fmt.Sprintf("%s: LOST, of %d acknowledged changes there are %d", of, want.Changes, got.Changes))
		case got.Changes > want.Changes:
			faults = append(faults, fmt.Sprintf("%s: TWICE, of %d changes there are %d", of, want.Changes, got.Changes))
		case !reflect.DeepEqual(data, want.Data):
			faults = append(faults, fmt.Sprintf("%s: %v, acknowledged was %v", of, data, want.Data))
		case got.Fed != want.Changes:
			faults = append(faults, fmt.Sprintf("%s: the feed has %d of %d changes", of, got.Fed, want.Changes))
		}
	}

	for of := range found {
		if _, known := l.records[of]; !known {
			faults = append(faults, of+": nobody was told of it")
		}
	}
	return faults
}

// untilHeard is how long the feed and its listeners may take.
const untilHeard = 30 * time.Second

// check compares all that clients were told with what there is, and with what listeners have
// heard.
func (l *load) check(c *cluster) (faults []string) {
	within(untilHeard, func() bool {
		found := c.stored(l.ledger.prefix)
		faults = l.ledger.differences(found)
		for name, listener := range map[string]*heard{"stream": &l.streamed, "follow": l.followed()} {
			for _, fault := range listener.lacks(found, l.ledger.prefix) {
				faults = append(faults, name+": "+fault)
			}
		}
		return len(faults) == 0
	})
	return append(faults, l.ledger.faults...)
}
