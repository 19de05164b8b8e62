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
		t.Run(c.account, func(t *testing.T) {
			begun, err := db.BeginSession(t.Context(), store.Session{Key: store.SessionKey{2}, Account: fed.Account{ID: c.account}}, c.hash)
			if begun != c.want || err != nil {
				t.Errorf("%s with the hash %q: %v, %v", c.account, c.hash, begun, err)
			}
		})
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

// A session knows the visit before it, also after that one's session is gone; the same statement
// sent twice is one visit.
func TestASessionKnowsTheVisitBefore(t *testing.T) {
	t.Parallel()
	db := visitor(t)
	if before := visit(t, db, 1); !before.Time.IsZero() {
		t.Errorf("there was a visit before the first one: %v", before)
	}
	if begun, err := db.BeginSession(t.Context(), store.Session{Account: fed.Account{ID: "A"}}, "wrong"); begun || err != nil {
		t.Errorf("a session with another hash: %v, %v", begun, err)
	}
	db.Exec(`UPDATE thalamus_session SET begun = begun - interval '1 day'; UPDATE thalamus_visit SET at = at - interval '1 day', position = 0`)
	must(t, db.SweepSessions(t.Context(), sessionTimes))
	wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_session`), nil, "0")

	before := visit(t, db, 2)
	wantText(t, db.Text(`SELECT ($1::timestamptz BETWEEN now() - interval '25 hours' AND now() - interval '23 hours')::text`, before.Time), nil, "true")
	wantText(t, db.Text(`SELECT (at = begun AND position = (SELECT position FROM thalamus_feed_state))::text FROM thalamus_visit, thalamus_session`), nil, "true")
	if again := visit(t, db, 2); again != before {
		t.Errorf("the same session has %v before it, and had %v", again, before)
	}
	wantText(t, db.Text(`SELECT string_agg((at = begun)::text, ' ') FROM thalamus_visit, thalamus_session`), nil, "true")
}

// A person who has the id of one that was deleted has not been here.
func TestAnotherPersonOfTheIDHasNotBeenHere(t *testing.T) {
	t.Parallel()
	db := visitor(t)
	visit(t, db, 1)
	db.Exec(`DELETE FROM people WHERE id = 'A'`)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"password": "hash"}')`)
	if before := visit(t, db, 2); before != (store.Visit{}) {
		t.Errorf("there was a visit before, %v", before)
	}
	if before := visit(t, db, 3); before.Time.IsZero() {
		t.Error("the first visit is forgotten")
	}
}

// Nobody signs in during an erasure, which would leave a trace.
func TestNoVisitOfWhoIsErasedStays(t *testing.T) {
	t.Parallel()
	db := visitor(t)
	visit(t, db, 1)
	wantText(t, db.Text(`SELECT string_agg(account, ' ') FROM thalamus_visit`), nil, "A")
	end := db.Hold(`DELETE FROM people WHERE id = 'A'`)
	done := make(chan error)
	go func() {
		begun, err := db.BeginSession(t.Context(), store.Session{Key: store.SessionKey{2}, Account: fed.Account{ID: "A"}}, "hash")
		if begun {
			err = errors.New("a session began")
		}
		done <- err
	}()
	db.AwaitWaiting(1)
	end("COMMIT")
	must(t, <-done)

	_, err := db.Erase(t.Context(), nobody, "A")
	must(t, err)
	wantText(t, db.Text(`SELECT (SELECT count(*) FROM thalamus_visit) + (SELECT count(*) FROM thalamus_session) || ''`), nil, "0")
}
