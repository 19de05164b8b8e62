// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

var (
	resetKey = store.ResetKey{1}
	herself  = fed.Write{Account: "A", Request: "r7"}
)

// linked is a database with an account for which a link is open.
func linked(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people VALUES ('A', '{"id": "A", "password": "old", "name": "Ana"}'), ('B', '{"password": "b"}')`)
	_, err := db.StartReset(t.Context(), "A", "ADMIN", resetKey)
	must(t, err)
	return db
}

func TestALinkGivesAPasswordOnce(t *testing.T) {
	t.Parallel()
	db := linked(t)
	r, err := db.Reset(t.Context(), resetKey)
	must(t, err)
	if r.Account != "A" || r.StartedBy != "ADMIN" || time.Since(r.Started) > time.Hour {
		t.Errorf("the link is %+v", r)
	}
	must(t, db.UseReset(t.Context(), herself, resetKey, "new"))
	wantText(t, db.Text(`SELECT data::text FROM people WHERE id = 'A'`), nil, `{"id": "A", "name": "Ana", "password": "new"}`)
	wantText(t, db.Text(`SELECT data::text FROM people WHERE id = 'B'`), nil, `{"password": "b"}`)
	wantText(t, db.Text(`SELECT account || ' ' || request || ' ' || operation FROM thalamus_changes WHERE id = 'A' ORDER BY seq DESC LIMIT 1`), nil, "A r7 password")
	wantText(t, db.Text(`SELECT account || ' ' || started_by || ' ' || (used > started) FROM thalamus_reset`), nil, "A ADMIN true")

	if err := db.UseReset(t.Context(), herself, resetKey, "newer"); fed.KindOf(err) != fed.NotFound {
		t.Errorf("it is used again: %v", err)
	}
	wantText(t, db.Text(`SELECT data ->> 'password' FROM people WHERE id = 'A'`), nil, "new")
}

// Whatever the link was started for has changed, whoever changed it.
func TestALinkEndsWithWhatItWasStartedFor(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]string{
		"another password":     `UPDATE people SET data = data || '{"password": "other"}' WHERE id = 'A'`,
		"no password":          `UPDATE people SET data = data - 'password' WHERE id = 'A'`,
		"disabled":             `UPDATE people SET data = data || '{"active": false}' WHERE id = 'A'`,
		"oddly disabled":       `UPDATE people SET data = data || '{"active": "no"}' WHERE id = 'A'`,
		"disabled and enabled": `UPDATE people SET data = data || '{"active": false}' WHERE id = 'A'; UPDATE people SET data = data || '{"active": true}' WHERE id = 'A'`,
		"another id":           `UPDATE people SET id = 'C' WHERE id = 'A'`,
		"another person":       `DELETE FROM people WHERE id = 'A'; INSERT INTO people VALUES ('A', '{"password": "old"}')`,
		"all others":           `TRUNCATE people CASCADE; INSERT INTO people VALUES ('A', '{"password": "old"}')`,
		"a day":                `UPDATE thalamus_reset SET started = started - interval '24 hours'`,
		"used":                 `UPDATE thalamus_reset SET used = now()`,
		"a row without change": `ALTER TABLE people DISABLE TRIGGER thalamus_reset_ended; UPDATE people SET data = data || '{"active": false}' WHERE id = 'A'`,
	} {
		db := linked(t)
		db.Exec(end)
		_, err := db.Reset(t.Context(), resetKey)
		_, of := db.ResetOf(t.Context(), "A")
		used := db.UseReset(t.Context(), herself, resetKey, "new")
		if fed.KindOf(err) != fed.NotFound || fed.KindOf(of) != fed.NotFound || fed.KindOf(used) != fed.NotFound {
			t.Errorf("%s: %v, %v, %v", name, err, of, used)
		}
		if got := db.Text(`SELECT count(*)::text FROM people WHERE data ->> 'password' = 'new'`); got != "0" {
			t.Errorf("%s: the password is new", name)
		}
	}
}

func TestALinkStaysWhileOtherThingsChange(t *testing.T) {
	t.Parallel()
	db := linked(t)
	db.Exec(`UPDATE people SET data = data || '{"name": "Anna", "roles": ["nurse"]}' WHERE id = 'A'`)
	db.Exec(`UPDATE people SET data = data || '{"password": "x", "active": false}' WHERE id = 'B'`)
	db.Exec(`UPDATE thalamus_reset SET started = started - interval '23 hours 59 minutes'`)
	must(t, db.UseReset(t.Context(), herself, resetKey, "new"))
}

// An account has one link: the newest.
func TestANewerLinkEndsTheOneBefore(t *testing.T) {
	t.Parallel()
	db := linked(t)
	_, err := db.StartReset(t.Context(), "A", "OTHER", store.ResetKey{2})
	must(t, err)
	if _, err := db.Reset(t.Context(), resetKey); fed.KindOf(err) != fed.NotFound {
		t.Errorf("the old one: %v", err)
	}
	r, err := db.ResetOf(t.Context(), "A")
	must(t, err)
	if r.StartedBy != "OTHER" {
		t.Errorf("it was started by %s", r.StartedBy)
	}
	must(t, db.UseReset(t.Context(), herself, store.ResetKey{2}, "new"))
	_, err = db.StartReset(t.Context(), "A", "ADMIN", store.ResetKey{3})
	must(t, err)
}

func TestALinkIsForSomebodyWhoIsActive(t *testing.T) {
	t.Parallel()
	db := linked(t)
	db.Exec(`UPDATE people SET data = data || '{"active": false}' WHERE id = 'A'; INSERT INTO people VALUES ('NULL', NULL)`)
	for account, want := range map[string]fed.Kind{"A": fed.Invalid, "NOBODY": fed.NotFound} {
		if _, err := db.StartReset(t.Context(), account, "ADMIN", store.ResetKey{4}); fed.KindOf(err) != want {
			t.Errorf("%s: %v", account, err)
		}
	}
	if _, err := db.StartReset(t.Context(), "NULL", "ADMIN", store.ResetKey{4}); err == nil {
		t.Error("a person without data has a link")
	}
}

// Of many who use a link at once one succeeds, and hers is the password.
func TestALinkThatManyUseAtOnceWorksOnce(t *testing.T) {
	t.Parallel()
	db := linked(t)
	var using sync.WaitGroup
	var worked atomic.Int64
	for n := range 8 {
		using.Go(func() {
			err := db.UseReset(t.Context(), fed.Write{Account: "A", Request: strconv.Itoa(n)}, resetKey, "new"+strconv.Itoa(n))
			if err == nil {
				worked.Add(1)
			} else if fed.KindOf(err) != fed.NotFound {
				t.Error(err)
			}
		})
	}
	using.Wait()
	if worked.Load() != 1 {
		t.Errorf("it worked %d times", worked.Load())
	}
	wantText(t, db.Text(`SELECT ('new' || request = data ->> 'password')::text FROM thalamus_reset, people WHERE id = 'A'`), nil, "true")
}

// Who has started a link, and whether it was used, is known for a month.
func TestLinksAreForgottenAfterAMonth(t *testing.T) {
	t.Parallel()
	db := linked(t)
	must(t, db.UseReset(t.Context(), herself, resetKey, "new"))
	db.Exec(`UPDATE thalamus_reset SET started = started - interval '29 days'`)
	must(t, db.SweepResets(t.Context()))
	wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_reset`), nil, "1")
	db.Exec(`UPDATE thalamus_reset SET started = started - interval '2 days'`)
	must(t, db.SweepResets(t.Context()))
	wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_reset`), nil, "0")
}

// An erasure leaves no trace of links, those that were used among them.
func TestLinksGoWithTheAccountThatIsErased(t *testing.T) {
	t.Parallel()
	db := linked(t)
	must(t, db.UseReset(t.Context(), herself, resetKey, "new"))
	for account, key := range map[string]byte{"A": 2, "B": 3} {
		_, err := db.StartReset(t.Context(), account, "ADMIN", store.ResetKey{key})
		must(t, err)
	}
	_, err := db.Erase(t.Context(), nobody, "A")
	must(t, err)
	wantText(t, db.Text(`SELECT string_agg(account, ' ') FROM thalamus_reset`), nil, "B")
}

// A link is one account's: nobody else gets a password by it.
func TestALinkIsGoodForItsOwnAccountAlone(t *testing.T) {
	t.Parallel()
	db := linked(t)
	if err := db.UseReset(t.Context(), fed.Write{Account: "B", Request: "r8"}, resetKey, "new"); fed.KindOf(err) != fed.NotFound {
		t.Errorf("another account uses it: %v", err)
	}
	wantText(t, db.Text(`SELECT string_agg(data ->> 'password', ' ' ORDER BY id) FROM people`), nil, "old b")
	must(t, db.UseReset(t.Context(), herself, resetKey, "new"))
}
