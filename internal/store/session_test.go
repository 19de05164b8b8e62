// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

var sessionTimes = store.SessionLimits{Idle: time.Minute, Longest: time.Hour}

// useSession begins a session of N, who gets a hash for it, and does all there is with it.
func useSession(ctx context.Context, db *testdb.DB) error {
	key := store.SessionKey{1}
	_, err := db.ChangePerson(ctx, nobody, "N", store.PersonChange{Patch: fed.Record(`{"password": "hash"}`), Password: true, Administers: true})
	begun, beginning := db.BeginSession(ctx, store.Session{Key: key, Account: fed.Account{ID: "N"}}, "hash")
	_, reading := db.Session(ctx, key, sessionTimes)
	if !begun {
		return errors.New("no session began")
	}
	return errors.Join(err, beginning, reading, db.UpgradeHash(ctx, "N", "hash", "another"), db.TouchSession(ctx, key),
		db.SpeakSession(ctx, key, "es"), db.SweepSessions(ctx, sessionTimes), db.EndSession(ctx, key))
}

// A session rests on the hash that the password was compared with, not on one that came since.
func TestASessionBeginsWithTheHashOfItsLogin(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people VALUES ('A', '{"password": "new"}'), ('B', '{"password": "new", "active": false}'), ('C', '{}')`)
	for _, c := range []struct {
		account, hash string
		want          bool
	}{{"A", "new", true}, {"A", "old", false}, {"A", "", false}, {"B", "new", false}, {"C", "", false}, {"D", "new", false}} {
		begun, err := db.BeginSession(t.Context(), store.Session{Key: store.SessionKey{2}, Account: fed.Account{ID: c.account}}, c.hash)
		if begun != c.want || err != nil {
			t.Errorf("%s with the hash %q: %v, %v", c.account, c.hash, begun, err)
		}
	}
}

// A session that has ended stays for an hour, for a form that came too late, and goes then.
func TestSweepingRemovesWhatEndedAnHourAgo(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO thalamus_session (key, account, proof, address, agent, seen, begun, drafted)
		SELECT name::bytea, 'A', 'p', '', '', now() - seen, now() - begun, now() - drafted FROM (VALUES
			('used', interval '0', interval '59 min', NULL::interval),
			('idle', interval '60 min', interval '60 min', NULL), ('idle for long', interval '62 min', interval '62 min', NULL),
			('long', interval '0', interval '119 min', NULL), ('too long', interval '0', interval '121 min', NULL),
			('drafted', interval '5 hours', interval '6 hours', interval '59 min'), ('drafted long ago', interval '5 hours', interval '6 hours', interval '61 min')
		) AS s (name, seen, begun, drafted)`)
	must(t, db.SweepSessions(t.Context(), sessionTimes))
	wantText(t, db.Text(`SELECT string_agg(convert_from(key, 'UTF8'), ', ' ORDER BY key) FROM thalamus_session`), nil, "drafted, idle, long, used")
}
